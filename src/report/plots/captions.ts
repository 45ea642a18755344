/** Sentences that several captions share; each begins with a space. */

/** Said where an interval does not end on the axis. */
export const ARROWS = " An arrow marks an interval that goes on beyond the axis.";
