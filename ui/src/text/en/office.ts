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
  follow: "Use the company's settings again",
  followHelp:
    "{{name}} then has the same settings as the whole company. What it has of its own now is given up; the audit trail keeps it.",
  followsNow: "The settings of the company hold here again.",
  followTitle: "Give up the settings of this branch?",
  own: "{{name}} has settings of its own here. What the company changes does not reach it.",
};
