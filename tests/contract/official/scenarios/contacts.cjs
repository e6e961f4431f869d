// Followers, files, history, pictures and merges of persons and organizations; relations of organizations.
const picture = { $file: "kadri.png", type: "image/png", png: [160, 160] };

module.exports = [
  {
    version: "v2",
    api: "PersonsApi",
    steps: [
      ["addPersonFollower", { id: "$person.id", AddDealFollowerRequest: { user_id: "$jack" } }],
      ["getPersonFollowers", { id: "$person.id" }],
      ["deletePersonFollower", { id: "$person.id", follower_id: "$jack" }],
      ["getPersonFollowersChangelog", { id: "$person.id" }],
      ["v1:addPersonPicture", { id: "$person.id", file: picture, crop_width: 128, crop_height: 128 }],
      ["getPersonPicture", { id: "$person.id" }],
      ["v1:deletePersonPicture", { id: "$person.id" }],
      ["addPerson", { AddPersonRequest: { name: "Nobody" } }, "nobody"],
      ["deletePerson", { id: "$nobody.id" }],
    ],
  },
  {
    version: "v1",
    api: "PersonsApi",
    steps: [
      ["addPersonFollower", { id: "$person.id", AddPersonFollowerRequest: { user_id: "$linh" } }, "following"],
      ["getPersonFollowers", { id: "$person.id" }],
      ["deletePersonFollower", { id: "$person.id", follower_id: "$following.id" }],
      ["FilesApi.addFile", { file: { $file: "card.txt", text: "Kadri" }, person_id: "$person.id" }],
      ["getPersonFiles", { id: "$person.id" }],
      ["getPersonUpdates", { id: "$person.id" }],
      ["getPersonChangelog", { id: "$person.id" }],
      ["getPersonMailMessages", { id: 1 }],
      ["getPersonUsers", { id: "$person.id" }],
      ["v2:addPerson", { AddPersonRequest: { name: "K. Tamm" } }, "twin"],
      ["mergePersons", { id: "$twin.id", MergePersonsRequest: { merge_with_id: "$person.id" } }],
    ],
  },
  {
    version: "v2",
    api: "OrganizationsApi",
    steps: [
      ["addOrganizationFollower", { id: "$organization.id", AddDealFollowerRequest: { user_id: "$jack" } }],
      ["getOrganizationFollowers", { id: "$organization.id" }],
      ["deleteOrganizationFollower", { id: "$organization.id", follower_id: "$jack" }],
      ["getOrganizationFollowersChangelog", { id: "$organization.id" }],
      ["addOrganization", { AddOrganizationRequest: { name: "Closed down" } }, "closed"],
      ["deleteOrganization", { id: "$closed.id" }],
    ],
  },
  {
    version: "v1",
    api: "OrganizationsApi",
    steps: [
      [
        "addOrganizationFollower",
        { id: "$organization.id", AddOrganizationFollowerRequest: { user_id: "$linh" } },
        "following",
      ],
      ["getOrganizationFollowers", { id: "$organization.id" }],
      ["deleteOrganizationFollower", { id: "$organization.id", follower_id: "$following.id" }],
      ["FilesApi.addFile", { file: { $file: "map.txt", text: "Turn left." }, org_id: "$organization.id" }],
      ["getOrganizationFiles", { id: "$organization.id" }],
      ["getOrganizationUpdates", { id: "$organization.id" }],
      ["getOrganizationChangelog", { id: "$organization.id" }],
      ["getOrganizationMailMessages", { id: 1 }],
      ["getOrganizationUsers", { id: "$organization.id" }],
    ],
  },
  {
    version: "v1",
    api: "OrganizationRelationshipsApi",
    steps: [
      [
        "addOrganizationRelationship",
        {
          AddOrganizationRelationshipRequest: {
            type: "parent",
            rel_owner_org_id: "$organization.id",
            rel_linked_org_id: "$sister.id",
          },
        },
        "relation",
      ],
      ["getOrganizationRelationships", { org_id: "$organization.id" }],
      ["getOrganizationRelationship", { id: "$relation.id", org_id: "$organization.id" }],
      ["updateOrganizationRelationship", { id: "$relation.id", OrganizationRelationship: { type: "related" } }],
      ["deleteOrganizationRelationship", { id: "$relation.id" }],
      [
        "OrganizationsApi.mergeOrganizations",
        { id: "$sister.id", MergeOrganizationsRequest: { merge_with_id: "$organization.id" } },
      ],
    ],
  },
];
