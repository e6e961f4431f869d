// The tables in the order in which they run; what one keeps, later ones may use.
module.exports = [
  ...require("./basics.cjs"),
  ...require("./users.cjs"),
  ...require("./fields.cjs"),
  ...require("./products.cjs"),
  ...require("./deals.cjs"),
  ...require("./contacts.cjs"),
  ...require("./leads.cjs"),
  ...require("./activities.cjs"),
  ...require("./notes_files.cjs"),
  ...require("./projects.cjs"),
  ...require("./goals_filters.cjs"),
  ...require("./channels.cjs"),
];
