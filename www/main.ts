/** The page: defines the element that `index.html` holds. */
import "./style/page.css";
import "./element.js";
