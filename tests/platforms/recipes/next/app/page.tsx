import { Figure } from "./figure";

export default function Page() {
  return <main><h1>A figure</h1><Figure /></main>;
}
