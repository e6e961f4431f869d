// Notes with comments, files near and far, mail.
const far = { item_type: "deal", item_id: "$deal.id", remote_location: "googledrive" };

module.exports = [
  {
    version: "v1",
    api: "NotesApi",
    steps: [
      ["addNote", { AddNoteRequest: { content: "<p>Likes it dark</p>", person_id: "$person.id" } }, "note"],
      ["getNote", { id: "$note.id" }],
      ["getNotes", { person_id: "$person.id", limit: 5 }],
      ["updateNote", { id: "$note.id", NoteRequest: { pinned_to_person_flag: 1 } }],
      ["addNoteComment", { id: "$note.id", CommentPostPutObject: { content: "So does Rein" } }, "comment"],
      ["getComment", { id: "$note.id", commentId: "$comment.uuid" }],
      ["getNoteComments", { id: "$note.id" }],
      [
        "updateCommentForNote",
        { id: "$note.id", commentId: "$comment.uuid", CommentPostPutObject: { content: "Rein too" } },
      ],
      ["deleteComment", { id: "$note.id", commentId: "$comment.uuid" }],
      ["deleteNote", { id: "$note.id" }],
    ],
  },
  {
    version: "v1",
    api: "FilesApi",
    steps: [
      ["addFile", { file: { $file: "notes.txt", type: "text/plain", text: "Đà Lạt" }, deal_id: "$deal.id" }, "file"],
      ["getFiles", { limit: 5 }],
      ["getFile", { id: "$file.id" }],
      ["downloadFile", { id: "$file.id" }],
      ["updateFile", { id: "$file.id", name: "notes 2.txt", description: "From the visit" }],
      ["addFileAndLinkIt", { file_type: "gdoc", title: "Plan", ...far }, "remote"],
      ["linkFileToItem", { remote_id: "1abcDEF", ...far }],
      ["deleteFile", { id: "$file.id" }],
    ],
  },
  {
    version: "v1",
    api: "MailboxApi",
    steps: [
      ["getMailThreads", { folder: "inbox", limit: 10 }, "threads"],
      ["getMailThread", { id: "$threads.0.id" }],
      ["getMailThreadMessages", { id: "$threads.0.id" }, "messages"],
      ["getMailMessage", { id: "$messages.0.id", include_body: 1 }],
      ["updateMailThreadDetails", { id: "$threads.0.id", read_flag: 1, deal_id: "$deal.id" }],
      ["deleteMailThread", { id: "$threads.0.id" }],
    ],
  },
];
