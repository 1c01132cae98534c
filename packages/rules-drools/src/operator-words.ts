/** The operators that are words, as they are written; `in` and `instanceof` are forms of their own. */
export const operatorWords: ReadonlySet<string> = new Set(
  (
    "contains excludes matches memberOf soundslike str " +
    "after before coincides during finishes finishedby includes meets metby overlaps overlappedby starts startedby"
  ).split(" "),
);
