// Products with prices, variations, an image and followers; and on deals, with installments and discounts.
const picture = { $file: "machine.png", type: "image/png", png: [160, 160] };
const price = (amount) => ({ currency: "EUR", price: amount, cost: 900, direct_cost: 40, notes: "" });

module.exports = [
  {
    version: "v2",
    api: "ProductsApi",
    steps: [
      [
        "addProduct",
        { AddProductRequest: { name: "Espresso machine", code: "EM-2", unit: "pc", tax: 20, prices: [price(1400)] } },
        "product",
      ],
      ["getProduct", { id: "$product.id" }],
      ["getProducts", { limit: 5, sort_by: "name" }],
      ["updateProduct", { id: "$product.id", UpdateProductRequest: { prices: [price(1500)] } }],
      ["searchProducts", { term: "espresso", include_fields: "product.price" }],
      [
        "addProductVariation",
        { id: "$product.id", AddProductVariationRequest: { name: "Red", prices: [{ currency: "EUR", price: 1600 }] } },
        "variation",
      ],
      ["getProductVariations", { id: "$product.id" }],
      [
        "updateProductVariation",
        {
          id: "$product.id",
          product_variation_id: "$variation.id",
          UpdateProductVariationRequest: { name: "Dark red" },
        },
      ],
      ["deleteProductVariation", { id: "$product.id", product_variation_id: "$variation.id" }],
      ["uploadProductImage", { id: "$product.id", data: picture }],
      ["getProductImage", { id: "$product.id" }],
      ["updateProductImage", { id: "$product.id", data: picture }],
      ["deleteProductImage", { id: "$product.id" }],
      ["addProductFollower", { id: "$product.id", AddDealFollowerRequest: { user_id: "$linh" } }],
      ["getProductFollowers", { id: "$product.id" }],
      ["deleteProductFollower", { id: "$product.id", follower_id: "$linh" }],
      ["getProductFollowersChangelog", { id: "$product.id" }],
      ["duplicateProduct", { id: "$product.id" }, "copy"],
      ["deleteProduct", { id: "$copy.id" }],
    ],
  },
  {
    version: "v2",
    api: "DealProductsApi",
    steps: [
      [
        "addDealProduct",
        { id: "$deal.id", AddDealProductRequest: { product_id: "$product.id", item_price: 1500, quantity: 2, tax: 20 } },
        "attached",
      ],
      ["getDealProducts", { id: "$deal.id" }],
      [
        "updateDealProduct",
        { id: "$deal.id", product_attachment_id: "$attached.id", UpdateDealProductRequest: { quantity: 3, discount: 5 } },
      ],
      [
        "addManyDealProducts",
        {
          id: "$deal.id",
          CreateManyDealProductRequest: {
            data: [
              { product_id: "$product.id", item_price: 100, quantity: 1 },
              { product_id: "$product.id", item_price: 200, quantity: 1 },
            ],
          },
        },
        "many",
      ],
      ["getDealsProducts", { deal_ids: ["$deal.id"], limit: 10 }],
      ["v1:ProductsApi.getProductDeals", { id: "$product.id" }],
      ["v1:PersonsApi.getPersonProducts", { id: "$person.id" }],
      ["deleteManyDealProducts", { id: "$deal.id", ids: { $text: ["$many.0.id", ",", "$many.1.id"] } }],
    ],
  },
  {
    version: "v2",
    api: "DealInstallmentsApi",
    steps: [
      [
        "postInstallment",
        {
          id: "$deal.id",
          AddInstallmentRequestBody: { description: "Half at once", amount: 1000, billing_date: "$dates.nextMonth" },
        },
        "installment",
      ],
      ["getInstallments", { deal_ids: ["$deal.id"] }],
      [
        "updateInstallment",
        { id: "$deal.id", installment_id: "$installment.id", UpdateInstallmentRequestBody: { amount: 1100 } },
      ],
      ["deleteInstallment", { id: "$deal.id", installment_id: "$installment.id" }],
    ],
  },
  {
    version: "v2",
    api: "DealsApi",
    steps: [
      [
        "postAdditionalDiscount",
        { id: "$deal.id", AddAdditionalDiscountRequestBody: { description: "Old friend", amount: 10, type: "percentage" } },
        "discount",
      ],
      ["getAdditionalDiscounts", { id: "$deal.id" }],
      [
        "updateAdditionalDiscount",
        { id: "$deal.id", discount_id: "$discount.id", UpdateAdditionalDiscountRequestBody: { amount: 12 } },
      ],
      ["deleteAdditionalDiscount", { id: "$deal.id", discount_id: "$discount.id" }],
      ["DealProductsApi.deleteDealProduct", { id: "$deal.id", product_attachment_id: "$attached.id" }],
    ],
  },
  {
    version: "v1",
    api: "ProductsApi",
    steps: [
      ["addProductFollower", { id: "$product.id", AddProductFollowerRequest: { user_id: "$jack" } }, "following"],
      ["getProductFollowers", { id: "$product.id" }],
      ["deleteProductFollower", { id: "$product.id", follower_id: "$following.id" }],
      ["FilesApi.addFile", { file: { $file: "manual.txt", text: "Fill in water." }, product_id: "$product.id" }],
      ["getProductFiles", { id: "$product.id" }],
      ["getProductUsers", { id: "$product.id" }],
    ],
  },
];
