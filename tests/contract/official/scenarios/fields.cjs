// Field endpoints repeat themselves for each kind of record: the tables are made of one pattern a version.
const named = (entity, version) => ({ one: `${entity}Field`, all: `${entity}Fields`, api: `${entity}FieldsApi`, version });

// In v1 the number of a field is its address; product fields have request names of their own.
function v1(entity, adding = "CreateFieldRequest", changing = "UpdateFieldRequest") {
  const { one, all, api } = named(entity);
  const add = (name, more = { field_type: "varchar" }) => [`add${one}`, { [adding]: { name, ...more } }];
  return {
    version: "v1",
    api,
    steps: [
      [`get${all}`, { limit: 500 }, `v1${all}`],
      [...add("Roast", { field_type: "enum", options: [{ label: "Light" }, { label: "Dark" }] }), "roast"],
      [`get${one}`, { id: "$roast.id" }],
      [`update${one}`, { id: "$roast.id", [changing]: { name: "Roast degree" } }],
      [`delete${one}`, { id: "$roast.id" }],
      [...add("First"), "first"],
      [...add("Second"), "second"],
      [`delete${all}`, { ids: { $text: ["$first.id", ",", "$second.id"] } }],
    ],
  };
}

// In v2 the code of a field is its address, and options have routes of their own.
function v2(entity) {
  const { one, all, api } = named(entity);
  const label = [{ label: "Medium" }];
  return {
    version: "v2",
    api,
    steps: [
      [`get${all}`, { limit: 500 }],
      [
        `add${one}`,
        { [`Add${one}Request`]: { field_name: "Grind", field_type: "enum", options: [{ label: "Fine" }] } },
        "grind",
      ],
      [`get${one}`, { field_code: "$grind.field_code" }],
      [`update${one}`, { field_code: "$grind.field_code", [`Update${one}Request`]: { field_name: "Grind size" } }],
      [`add${one}Options`, { field_code: "$grind.field_code", AddDealFieldOptionsRequestInner: label }, "added"],
      [
        `update${one}Options`,
        { field_code: "$grind.field_code", UpdateDealFieldOptionsRequestInner: [{ id: "$added.0.id", label: "Coarse" }] },
      ],
      [
        `delete${one}Options`,
        { field_code: "$grind.field_code", DeleteDealFieldOptionsRequestInner: [{ id: "$added.0.id" }] },
      ],
      [`delete${one}`, { field_code: "$grind.field_code" }],
    ],
  };
}

module.exports = [
  v1("Deal"),
  v1("Person"),
  v1("Organization"),
  v1("Product", "ProductFieldAllOf", "UpdateProductFieldResponse"),
  ...["Deal", "Person", "Organization", "Product", "Project"].map(v2),
  { version: "v1", api: "ActivityFieldsApi", steps: [["getActivityFields"]] },
  {
    version: "v2",
    api: "ActivityFieldsApi",
    steps: [
      ["getActivityFields", { limit: 500, include_fields: "ui_visibility" }],
      ["getActivityField", { field_code: "subject" }],
    ],
  },
  { version: "v1", api: "LeadFieldsApi", steps: [["getLeadFields", { limit: 500 }]] },
  { version: "v1", api: "NoteFieldsApi", steps: [["getNoteFields"]] },
];
