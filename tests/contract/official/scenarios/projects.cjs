// Boards, phases, projects, tasks, templates, in both versions of the API.
module.exports = [
  {
    version: "v2",
    api: "ProjectBoardsApi",
    steps: [
      ["addProjectBoard", { AddProjectBoardRequest: { name: "Installations" } }, "board"],
      ["getProjectsBoards"],
      ["getProjectsBoard", { id: "$board.id" }],
      ["updateProjectBoard", { id: "$board.id", UpdateProjectBoardRequest: { name: "Set-up" } }],
      ["v1:getProjectsBoards"],
      ["v1:getProjectsBoard", { id: "$board.id" }],
    ],
  },
  {
    version: "v2",
    api: "ProjectPhasesApi",
    steps: [
      ["addProjectPhase", { AddProjectPhaseRequest: { name: "Delivery", board_id: "$board.id" } }, "phase"],
      ["addProjectPhase", { AddProjectPhaseRequest: { name: "Training", board_id: "$board.id" } }, "lastPhase"],
      ["getProjectsPhases", { board_id: "$board.id" }],
      ["getProjectsPhase", { id: "$phase.id" }],
      ["updateProjectPhase", { id: "$phase.id", UpdateProjectPhaseRequest: { name: "Transport" } }],
      ["v1:getProjectsPhases", { board_id: "$board.id" }],
      ["v1:getProjectsPhase", { id: "$phase.id" }],
    ],
  },
  {
    version: "v2",
    api: "ProjectTemplatesApi",
    steps: [
      ["getProjectTemplates", {}, "templates"],
      ["getProjectTemplate", { id: "$templates.0.id" }],
      ["v1:getProjectTemplates"],
      ["v1:getProjectTemplate", { id: "$templates.0.id" }],
    ],
  },
  {
    version: "v2",
    api: "ProjectsApi",
    steps: [
      [
        "addProject",
        {
          AddProjectRequest: {
            title: "Set up two machines",
            board_id: "$board.id",
            phase_id: "$phase.id",
            deal_ids: ["$deal.id"],
            person_ids: ["$person.id"],
            start_date: "$dates.today",
            end_date: "$dates.nextMonth",
          },
        },
        "project",
      ],
      ["getProject", { id: "$project.id" }],
      ["getProjects", { limit: 5 }],
      ["updateProject", { id: "$project.id", UpdateProjectRequest: { phase_id: "$lastPhase.id" } }],
      ["getProjectChangelog", { id: "$project.id" }],
      ["getProjectUsers", { id: "$project.id" }],
      ["searchProjects", { term: "machines" }],
      ["addProject", { AddProjectRequest: { title: "Done long ago", board_id: "$board.id", phase_id: "$phase.id" } }, "old"],
      ["archiveProject", { id: "$old.id" }],
      ["getArchivedProjects", { limit: 5 }],
      ["deleteProject", { id: "$old.id" }],
    ],
  },
  {
    version: "v2",
    api: "TasksApi",
    steps: [
      [
        "addTask",
        { AddTaskRequest: { title: "Order filters", project_id: "$project.id", assignee_ids: ["$linh"] } },
        "task",
      ],
      ["getTask", { id: "$task.id" }],
      ["getTasks", { project_id: "$project.id", is_done: false }],
      ["updateTask", { id: "$task.id", UpdateTaskRequest: { done: 1, due_date: "$dates.nextMonth" } }],
      ["deleteTask", { id: "$task.id" }],
    ],
  },
  {
    version: "v1",
    api: "TasksApi",
    steps: [
      ["addTask", { AddTaskRequest: { title: "Check water", project_id: "$project.id", assignee_id: "$linh" } }, "chore"],
      ["getTask", { id: "$chore.id" }],
      ["getTasks", { project_id: "$project.id", done: 0 }],
      ["updateTask", { id: "$chore.id", UpdateProjectRequest2: { description: "Hardness too" } }],
    ],
  },
  {
    version: "v1",
    api: "ProjectsApi",
    steps: [
      [
        "addProject",
        { AddProjectRequest: { title: "Second shop", board_id: "$board.id", phase_id: "$phase.id" } },
        "shop",
      ],
      ["getProject", { id: "$shop.id" }],
      ["getProjects", { limit: 5 }],
      ["updateProject", { id: "$shop.id", UpdateProjectRequest: { description: "In Tartu" } }],
      [
        "v2:ActivitiesApi.addActivity",
        { AddActivityRequest: { subject: "Visit", type: "meeting", project_id: "$project.id" } },
        "visit",
      ],
      ["getProjectActivities", { id: "$project.id" }],
      ["getProjectTasks", { id: "$project.id" }],
      ["getProjectGroups", { id: "$project.id" }],
      ["getProjectPlan", { id: "$project.id" }],
      [
        "putProjectPlanActivity",
        { id: "$project.id", activityId: "$visit.id", ProjectPutPlanItemBodyObject: { phase_id: "$phase.id" } },
      ],
      [
        "putProjectPlanTask",
        { id: "$project.id", taskId: "$chore.id", ProjectPutPlanItemBodyObject: { phase_id: "$phase.id" } },
      ],
      ["archiveProject", { id: "$shop.id" }],
      ["deleteProject", { id: "$shop.id" }],
      ["TasksApi.deleteTask", { id: "$chore.id" }],
    ],
  },
  {
    version: "v2",
    api: "ProjectPhasesApi",
    steps: [
      ["ProjectsApi.deleteProject", { id: "$project.id" }],
      ["deleteProjectPhase", { id: "$phase.id" }],
      ["ProjectBoardsApi.addProjectBoard", { AddProjectBoardRequest: { name: "Empty" } }, "empty"],
      ["ProjectBoardsApi.deleteProjectBoard", { id: "$empty.id" }],
    ],
  },
];
