// Leads with labels and sources, and their way into a deal.
module.exports = [
  { version: "v1", api: "LeadSourcesApi", steps: [["getLeadSources"]] },
  {
    version: "v1",
    api: "LeadLabelsApi",
    steps: [
      ["getLeadLabels"],
      ["addLeadLabel", { AddLeadLabelRequest: { name: "Fair", color: "blue" } }, "label"],
      ["updateLeadLabel", { id: "$label.id", UpdateLeadLabelRequest: { color: "dark-gray" } }],
    ],
  },
  {
    version: "v1",
    api: "LeadsApi",
    steps: [
      [
        "addLead",
        {
          AddLeadRequest: {
            title: "Kõrvits grinder",
            person_id: "$person.id",
            label_ids: ["$label.id"],
            value: { amount: 700, currency: "EUR" },
            expected_close_date: "$dates.nextMonth",
          },
        },
        "lead",
      ],
      ["getLead", { id: "$lead.id" }],
      ["getLeads", { limit: 5, sort: "add_time" }],
      ["updateLead", { id: "$lead.id", UpdateLeadRequest: { was_seen: true } }],
      ["searchLeads", { term: "grinder", include_fields: "lead.was_seen" }],
      ["v2:searchLeads", { term: "grinder" }],
      ["getLeadUsers", { id: "$lead.id" }],
      ["addLead", { AddLeadRequest: { title: "Later", organization_id: "$organization.id" } }, "later"],
      ["updateLead", { id: "$later.id", UpdateLeadRequest: { is_archived: true } }],
      ["getArchivedLeads", { limit: 5 }],
      ["deleteLead", { id: "$later.id" }],
    ],
  },
  {
    version: "v2",
    api: "LeadsApi",
    steps: [
      ["convertLeadToDeal", { id: "$lead.id", ConvertLeadToDealRequest: { stage_id: "$stage.id" } }, "conversion"],
      ["clock", 30],
      ["getLeadConversionStatus", { id: "$lead.id", conversion_id: "$conversion.conversion_id" }],
      ["v1:LeadLabelsApi.deleteLeadLabel", { id: "$label.id" }],
    ],
  },
];
