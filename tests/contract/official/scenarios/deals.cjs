// All that hangs on deals: participants, followers, history, summaries, copies, merges, the archive.
const period = { start_date: "$dates.lastMonth", end_date: "$dates.today" };
const columns = { start_date: "$dates.lastMonth", interval: "month", amount: 3, field_key: "add_time" };

module.exports = [
  {
    version: "v2",
    api: "DealsApi",
    steps: [
      ["addDealFollower", { id: "$deal.id", AddDealFollowerRequest: { user_id: "$jack" } }],
      ["getDealFollowers", { id: "$deal.id" }],
      ["deleteDealFollower", { id: "$deal.id", follower_id: "$jack" }],
      ["getDealFollowersChangelog", { id: "$deal.id" }],
      ["addDeal", { AddDealRequest: { title: "Filed away" } }, "filed"],
      ["updateDeal", { id: "$filed.id", UpdateDealRequest: { is_archived: true } }],
      ["getArchivedDeals", { limit: 5 }],
    ],
  },
  {
    version: "v1",
    api: "DealsApi",
    steps: [
      ["addDealParticipant", { id: "$deal.id", AddDealParticipantRequest: { person_id: "$friend.id" } }, "participant"],
      ["getDealParticipants", { id: "$deal.id" }],
      ["deleteDealParticipant", { id: "$deal.id", deal_participant_id: "$participant.id" }],
      ["getDealParticipantsChangelog", { id: "$deal.id" }],
      ["addDealFollower", { id: "$deal.id", AddDealFollowerRequest: { user_id: "$linh" } }, "following"],
      ["getDealFollowers", { id: "$deal.id" }],
      ["deleteDealFollower", { id: "$deal.id", follower_id: "$following.id" }],
      ["FilesApi.addFile", { file: { $file: "offer.txt", text: "Two machines." }, deal_id: "$deal.id" }],
      ["getDealFiles", { id: "$deal.id" }],
      ["NotesApi.addNote", { AddNoteRequest: { content: "<b>Called</b>", deal_id: "$deal.id" } }],
      ["getDealUpdates", { id: "$deal.id", all_changes: "1" }],
      ["getDealChangelog", { id: "$deal.id", limit: 50 }],
      ["getDealMailMessages", { id: 1 }],
      ["getDealUsers", { id: "$deal.id" }],
      ["duplicateDeal", { id: "$deal.id" }, "duplicate"],
      ["mergeDeals", { id: "$duplicate.id", MergeDealsRequest: { merge_with_id: "$deal.id" } }],
      ["getArchivedDeals", { limit: 5 }],
      ["getDealsSummary", { status: "open" }],
      ["getArchivedDealsSummary", { status: "open" }],
      ["getDealsTimeline", columns],
      ["getArchivedDealsTimeline", columns],
    ],
  },
  {
    version: "v1",
    api: "PipelinesApi",
    steps: [
      ["getPipelineDeals", { id: "$pipeline.id", get_summary: 1 }],
      ["getPipelineConversionStatistics", { id: "$pipeline.id", ...period }],
      ["getPipelineMovementStatistics", { id: "$pipeline.id", ...period }],
    ],
  },
  { version: "v1", api: "StagesApi", steps: [["getStageDeals", { id: "$lastStage.id" }]] },
  {
    version: "v2",
    api: "DealsApi",
    steps: [
      ["addDeal", { AddDealRequest: { title: "Rather a lead", person_id: "$person.id" } }, "early"],
      ["convertDealToLead", { id: "$early.id" }, "conversion"],
      ["clock", 30],
      ["getDealConversionStatus", { id: "$early.id", conversion_id: "$conversion.conversion_id" }],
      ["addDeal", { AddDealRequest: { title: "Never mind" } }, "gone"],
      ["deleteDeal", { id: "$gone.id" }],
    ],
  },
];
