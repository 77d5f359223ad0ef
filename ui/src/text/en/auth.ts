export const auth = {
  chooseUser: "Who are you?",
  enter: "Sign in",
  locked: "Locked by {{name}}",
  noUsers: "Nobody may sign in here",
  noUsersHelp: "Ask the owner to add you to this branch.",
  otherUser: "Somebody else",
  pin: "PIN",
  pinOf: "PIN of {{name}}",
  ticketKept: "The ticket on the screen is kept.",
  unlock: "Unlock",
  userName: "User name",
  webHelp:
    "This is the centre of your company. Sign in with the name and PIN that you use at the till.",
};
