// Words of a step's record; steps.rs writes them.
const STEP_WORDS: u32 = 24u;
const STEP_COUNT: u32 = 0u;
const STEP_START: u32 = 1u;
const STEP_CARRIED: u32 = 2u;
const STEP_ORDER: u32 = 3u;
const STEP_ORDER_LOW: u32 = 4u;
const STEP_ORDER_HIGH: u32 = 5u;
const STEP_NUMBER: u32 = 6u;
const STEP_INDEX: u32 = 7u;
const STEP_MEAN: u32 = 8u;
const STEP_INVERSE: u32 = 9u;
const STEP_RATE: u32 = 10u;
const STEP_DECAY: u32 = 11u;
const STEP_L1: u32 = 12u;
const STEP_L2: u32 = 13u;
const STEP_SCALARS: u32 = 14u;
const NONE: u32 = 0xffffffffu;
