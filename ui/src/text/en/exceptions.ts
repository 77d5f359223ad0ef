export const exceptions = {
  accept: "Accept as it is",
  acceptHelp: "It stays as it is, and this very case is not raised again.",
  accepted: "Accepted",
  action: {
    card: "Open the stock card",
    customer: "Open the customer",
    products: "Show the products",
    receipt: "Open the receipt",
    support: "Open backup and support",
    till: "Open the till",
  },
  age: "Since",
  closed: "Closed ones",
  closedBy: "Closed by",
  closedByItself: "closed by itself",
  due: "Due",
  gone: "Gone",
  itself: "It closes by itself once the books are right.",
  mine: "Only mine",
  none: "Nothing needs attention",
  noneHelp: "What tills could not know while they were offline is checked here afterwards.",
  noneClosed: "Nothing was closed yet",
  note: "What was done, or why it may stay so",
  noted: "Noted.",
  open: "Open",
  overdue: "overdue",
  owner: "For",
  role: {
    accountant: "Accountant",
    manager: "Manager",
    owner: "Owner",
    storekeeper: "Storekeeper",
  },
  rule: {
    archived_seller: "Sold by an archived person",
    clock_off: "Clock is wrong",
    deferred: "Waits for a newer version",
    duplicate_barcode: "One barcode, two products",
    duplicate_code: "One code, two products",
    duplicate_number: "One number, two receipts",
    held_forgotten: "Held ticket forgotten",
    held_twice: "Held ticket taken up twice",
    negative_stock: "Stock below zero",
    over_credit: "Over the credit limit",
    over_returned: "More returned than sold",
    receipts_differ: "Receipts differ from the centre",
    rekeyed: "Data of a till was put back",
    revoked_push: "A shut-out till tried to send",
    salvaged: "Lost data came back",
    store_credit_overspent: "Store credit spent twice",
  },
  sentence: {
    archived_seller:
      "{{user}} sold {{name}} on {{sold_at}}, after being archived: that till had not heard of it.",
    clock_off:
      "The clock of {{name}} is off by {{minutes}} minutes. Set it right: dates of receipts depend on it.",
    deferred:
      "{{name}} received entries that this version of the program cannot read. They are kept and applied after an update.",
    duplicate_barcode:
      "The barcode {{name}} belongs to: {{products}}. Take it away from one of them.",
    duplicate_code: "The code {{name}} belongs to: {{products}}. Give one of them another code.",
    duplicate_number:
      "The number {{name}} was printed on {{times}} receipts ({{terminals}}): the data of a till was copied or put back.",
    held_forgotten:
      "The held ticket “{{name}}” of {{total}} lies since {{held_at}}. Recall or discard it.",
    held_twice:
      "The held ticket “{{name}}” was taken up {{times}} times at tills that could not see each other. Was it paid twice?",
    negative_stock:
      "{{name}} ({{code}}) stands at {{qty}} {{unit}} in {{location}}. Count the shelf.",
    over_credit: "{{name}} owes {{owed}}; agreed are {{limit}}.",
    over_returned:
      "Of {{product}} on receipt {{name}}, {{sold}} were sold and {{returned}} came back.",
    receipts_differ:
      "The receipts of {{name}} are not those of the centre: {{here}} here, {{there}} there.",
    rekeyed:
      "The data of {{name}} was put back or copied. It goes on under the series {{series}}; nothing was overwritten.",
    revoked_push:
      "{{name}} was shut out and tried to send {{count}} entries. They are kept apart until you decide.",
    salvaged: "{{count}} entries that the centre had lost came back from {{name}}.",
    store_credit_overspent: "More was spent of store credit {{name}} than it held: {{balance}}.",
  },
  settle: "It is settled",
  settled: "Settled",
  state: "State",
  subject: "About",
  title: "Needs attention",
  what: "What",
  where: "Where",
  wholeCompany: "Company",
};
