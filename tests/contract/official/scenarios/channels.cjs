// What apps give to Pipedrive: message channels, meeting links, webhooks.
module.exports = [
  {
    version: "v1",
    api: "ChannelsApi",
    steps: [
      ["addChannel", { AddChannelRequest: { name: "Shop chat", provider_channel_id: "shop-1", provider_type: "other" } }, "channel"],
      [
        "receiveMessage",
        {
          ReceiveMessageRequest: {
            id: "message-1",
            channel_id: "$channel.id",
            sender_id: "sender-1",
            conversation_id: "talk-1",
            message: "Is it in stock?",
            status: "sent",
            created_at: "$dates.since",
            attachments: [],
          },
        },
      ],
      ["deleteConversation", { channel_id: "$channel.id", conversation_id: "talk-1" }],
      ["deleteChannel", { id: "$channel.id" }],
    ],
  },
  {
    version: "v1",
    api: "MeetingsApi",
    steps: [
      [
        "saveUserProviderLink",
        {
          AddUserProviderLinkRequest: {
            user_provider_id: "1e3943c9-6395-462b-b432-1f252c017f3d",
            user_id: "$linh",
            company_id: "$company",
            marketplace_client_id: "$app.id",
          },
        },
      ],
      ["deleteUserProviderLink", { id: "1e3943c9-6395-462b-b432-1f252c017f3d" }],
    ],
  },
  {
    version: "v1",
    api: "WebhooksApi",
    steps: [
      [
        "addWebhook",
        {
          AddWebhookRequest: {
            subscription_url: "$app.hooks",
            event_action: "change",
            event_object: "deal",
            name: "Deals that change",
            http_auth_user: "hook",
            http_auth_password: "secret",
          },
        },
        "webhook",
      ],
      ["getWebhooks"],
      ["deleteWebhook", { id: "$webhook.id" }],
    ],
  },
];
