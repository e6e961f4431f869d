// Goals with results, and filters.
const conditions = {
  glue: "and",
  conditions: [
    {
      glue: "and",
      conditions: [
        {
          object: "deal",
          field_id: { $text: ["$v1DealFields.0.id"] },
          operator: "IS NOT NULL",
          value: null,
          extra_value: null,
        },
      ],
    },
    { glue: "or", conditions: [] },
  ],
};
const filter = (name) => ({ AddFilterRequest: { name, type: "deals", conditions } });

module.exports = [
  {
    version: "v1",
    api: "GoalsApi",
    steps: [
      [
        "addGoal",
        {
          AddGoalRequest: {
            title: "Sell machines",
            assignee: { id: "$linh", type: "person" },
            type: { name: "deals_won", params: { pipeline_id: ["$pipeline.id"] } },
            expected_outcome: { target: 5, tracking_metric: "quantity" },
            duration: { start: "$dates.lastMonth", end: "$dates.nextMonth" },
            interval: "monthly",
          },
        },
        "made",
      ],
      ["getGoals", { type_name: "deals_won", is_active: true }],
      ["updateGoal", { id: "$made.goal.id", BasicGoalRequest: { title: "Sell more machines" } }],
      ["getGoalResult", { id: "$made.goal.id", period_start: "$dates.lastMonth", period_end: "$dates.today" }],
      ["deleteGoal", { id: "$made.goal.id" }],
    ],
  },
  {
    version: "v1",
    api: "FiltersApi",
    steps: [
      ["getFilterHelpers"],
      ["addFilter", filter("Those with a name"), "filter"],
      ["getFilter", { id: "$filter.id", include_field_code: true }],
      ["getFilters", { type: "deals" }],
      ["updateFilter", { id: "$filter.id", UpdateFilterRequest: { name: "With a name", conditions } }],
      ["v2:DealsApi.getDeals", { filter_id: "$filter.id", limit: 5 }],
      ["deleteFilter", { id: "$filter.id" }],
      ["addFilter", filter("One"), "one"],
      ["addFilter", filter("Two"), "two"],
      ["deleteFilters", { ids: { $text: ["$one.id", ",", "$two.id"] } }],
    ],
  },
];
