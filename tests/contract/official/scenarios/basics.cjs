// What most other tables stand on: pipeline, stage, organization, person, deal; and looking for them.
module.exports = [
  {
    version: "v2",
    api: "PipelinesApi",
    steps: [
      ["getPipelines", { sort_by: "id", sort_direction: "desc", limit: 2 }, "pipelines"],
      ["addPipeline", { AddPipelineRequest: { name: "Service", is_deal_probability_enabled: true } }, "pipeline"],
      ["getPipeline", { id: "$pipeline.id" }],
      ["updatePipeline", { id: "$pipeline.id", UpdatePipelineRequest: { name: "Service contracts" } }],
      ["addPipeline", { AddPipelineRequest: { name: "Short-lived" } }, "brief"],
      ["deletePipeline", { id: "$brief.id" }],
    ],
  },
  {
    version: "v2",
    api: "StagesApi",
    steps: [
      ["addStage", { AddStageRequest: { name: "Asked", pipeline_id: "$pipeline.id", deal_probability: 40 } }, "stage"],
      ["addStage", { AddStageRequest: { name: "Signed", pipeline_id: "$pipeline.id" } }, "lastStage"],
      ["getStages", { pipeline_id: "$pipeline.id", sort_by: "order_nr" }],
      ["getStage", { id: "$stage.id" }],
      ["updateStage", { id: "$stage.id", UpdateStageRequest: { is_deal_rot_enabled: true, days_to_rotten: 9 } }],
      ["addStage", { AddStageRequest: { name: "Never used", pipeline_id: "$pipeline.id" } }, "spareStage"],
      ["deleteStage", { id: "$spareStage.id" }],
    ],
  },
  {
    version: "v2",
    api: "OrganizationsApi",
    steps: [
      [
        "addOrganization",
        {
          AddOrganizationRequest: {
            name: "Kõrvits Coffee",
            address: { value: "Telliskivi 60a, Tallinn", country: "Estonia", locality: "Tallinn" },
            website: "https://korvits.example",
            employee_count: 12,
          },
        },
        "organization",
      ],
      ["addOrganization", { AddOrganizationRequest: { name: "Kõrvits Logistics" } }, "sister"],
      ["getOrganization", { id: "$organization.id", include_fields: "people_count", include_labels: true }],
      ["updateOrganization", { id: "$organization.id", UpdateOrganizationRequest: { employee_count: 14 } }],
      ["getOrganizations", { limit: 3, sort_by: "add_time", sort_direction: "desc" }],
    ],
  },
  {
    version: "v2",
    api: "PersonsApi",
    steps: [
      [
        "addPerson",
        {
          AddPersonRequest: {
            name: "Kadri Tamm",
            org_id: "$organization.id",
            emails: [{ value: "kadri@korvits.example", primary: true, label: "work" }],
            phones: [{ value: "+372 5550 1234", primary: true, label: "mobile" }],
          },
        },
        "person",
      ],
      ["addPerson", { AddPersonRequest: { name: "Rein Saar" } }, "friend"],
      ["getPerson", { id: "$person.id", include_fields: "open_deals_count", include_option_labels: true }],
      ["updatePerson", { id: "$friend.id", UpdatePersonRequest: { org_id: "$organization.id" } }],
      ["getPersons", { org_id: "$organization.id", limit: 5 }],
    ],
  },
  {
    version: "v2",
    api: "DealsApi",
    steps: [
      [
        "addDeal",
        {
          AddDealRequest: {
            title: "Kõrvits espresso machines",
            person_id: "$person.id",
            org_id: "$organization.id",
            pipeline_id: "$pipeline.id",
            value: 4200,
            currency: "EUR",
            expected_close_date: "$dates.nextMonth",
          },
        },
        "deal",
      ],
      ["getDeal", { id: "$deal.id", include_fields: "products_count", include_labels: true }],
      ["updateDeal", { id: "$deal.id", UpdateDealRequest: { stage_id: "$lastStage.id", probability: 70 } }],
      ["getDeals", { limit: 5, sort_by: "update_time", sort_direction: "desc", status: "open" }],
    ],
  },
  {
    version: "v2",
    api: "ItemSearchApi",
    steps: [
      ["searchItem", { term: "kõrvits", search_for_related_items: true, limit: 20 }],
      ["searchItemByField", { term: "kõrvits", entity_type: "deal", field: "title", match: "beginning" }],
      ["DealsApi.searchDeals", { term: "espresso", fields: "title", include_fields: "deal.cc_email" }],
      ["OrganizationsApi.searchOrganization", { term: "Kõrvits", fields: "name" }],
      ["PersonsApi.searchPersons", { term: "Kadri", include_fields: "person.picture" }],
    ],
  },
];
