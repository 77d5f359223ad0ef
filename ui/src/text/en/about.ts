export const about = {
  find: "Find a library or a licence",
  free: "Lumbung is free software under the GNU Affero General Public License, version 3 or later. You may use, study, share and improve it; it comes without any warranty.",
  libraries: "Made with",
  librariesLead: "The work of many others: {{count}} libraries, each under its own licence.",
  library: "Library",
  licence: "Licence",
  noWarnings:
    "Nothing to warn of: the data is open and its key is in the key store of this machine.",
  part: "Used for",
  parts: { program: "Program", screens: "Screens", fonts: "Fonts" },
  terminal: "This till",
  title: "About Lumbung",
  version: "Version",
};
