/** Words that the screens of the office share. */
export const office = {
  days: "days",
  everyBranch: "Every branch",
  holds: "Applies to",
  loadMore: "Show older",
  minutes: "minutes",
  noLimit: "No limit",
  onlyBranch: "Only {{name}}",
  onlyLook: "You may look at this but not change it.",
  outOfUse: "Out of use: no longer offered, kept for the papers that name it",
  state: "State",
  thisBranch: "Only this branch",
  times: "times",
  withArchived: "With archived",
};
