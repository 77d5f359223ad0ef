export const receipts = {
  because: "Reason: {{reason}}",
  copies__one: "{{count}} copy",
  copies__other: "{{count}} copies",
  kind: "Kind",
  kinds: {
    return: "Return",
    sale: "Sale",
    void: "Void",
  },
  none: "No receipts found",
  noneHelp: "Try part of the number, or other days.",
  original: "Of receipt {{number}}",
  reprint: "Print again",
  search: "Scan or type a number",
  source: "imported as {{number}}",
  title: "Receipts",
  void: "Void",
  voidDone: "Voided by {{number}}.",
  voidHelp:
    "Only within the same session. The whole sale is taken back by a document of its own; later it is a return.",
  voidTitle: "Void {{number}}",
  voided: "Voided",
};
