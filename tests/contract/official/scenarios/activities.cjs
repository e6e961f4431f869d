// Activities and their types, calls, and what happened of late.
const call = {
  outcome: "connected",
  to_phone_number: "+372 5550 1234",
  start_time: "$dates.callStart",
  end_time: "$dates.callEnd",
};

module.exports = [
  {
    version: "v1",
    api: "ActivityTypesApi",
    steps: [
      ["getActivityTypes"],
      ["addActivityType", { AddActivityTypeRequest: { name: "Tasting", icon_key: "lunch", color: "aabbcc" } }, "tasting"],
      ["updateActivityType", { id: "$tasting.id", UpdateActivityTypeRequest: { name: "Cupping" } }],
    ],
  },
  {
    version: "v2",
    api: "ActivitiesApi",
    steps: [
      [
        "addActivity",
        {
          AddActivityRequest: {
            subject: "Taste the new roast",
            type: "call",
            deal_id: "$deal.id",
            due_date: "$dates.nextMonth",
            due_time: "10:00:00",
            duration: "00:30:00",
            participants: [{ person_id: "$person.id", primary: true }],
            attendees: [{ email: "kadri@korvits.example", name: "Kadri" }],
            location: { value: "Telliskivi 60a, Tallinn" },
            note: "<p>Bring cups</p>",
          },
        },
        "activity",
      ],
      ["getActivity", { id: "$activity.id", include_fields: "attendees" }],
      ["getActivities", { deal_id: "$deal.id", limit: 5, sort_by: "due_date" }],
      ["updateActivity", { id: "$activity.id", AddActivityRequest: { done: true } }],
      ["deleteActivity", { id: "$activity.id" }],
      ["v1:ActivityTypesApi.deleteActivityType", { id: "$tasting.id" }],
    ],
  },
  {
    version: "v1",
    api: "CallLogsApi",
    steps: [
      ["addCallLog", { AddCallLogRequest: { ...call, person_id: "$person.id", deal_id: "$deal.id" } }, "call"],
      ["getCallLog", { id: "$call.id" }],
      ["getUserCallLogs", { limit: 5 }],
      ["addCallLogAudioFile", { id: "$call.id", file: { $file: "call.mp3", type: "audio/mpeg", text: "ID3" } }],
      ["deleteCallLog", { id: "$call.id" }],
    ],
  },
  { version: "v1", api: "RecentsApi", steps: [["getRecents", { since_timestamp: "$dates.since", items: "activity", limit: 50 }]] },
];
