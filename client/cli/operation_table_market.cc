// The half of the table that is about assets, rights, listings and orders.
#include "client/cli/operation_table.h"

namespace sanquan::cli {
namespace {

using K = FieldKind;

constexpr bool kMust = true;
constexpr bool kMay = false;

void add_registration(std::vector<OperationCommand>& all) {
    all.push_back(
        {"asset",
         "register",
         "register_asset",
         "Register a data asset",
         "登记数据资产",
         {{"identifier", "dataset.identifier", K::kText, kMust, "Unique in its catalogue",
           "目录内唯一标识"},
          {"catalogue", "dataset.catalogue", K::kText, kMust, "Name of the catalogue", "目录名称"},
          {"title-zh", "dataset.title.zh", K::kText, kMay, "Title in Chinese; it or --title-en",
           "中文标题；与 --title-en 至少其一"},
          {"title-en", "dataset.title.en", K::kText, kMay, "Title in English", "英文标题"},
          {"publisher", "dataset.publisher", K::kText, kMust, "Who publishes it", "发布方"},
          {"media-type", "dataset.media_type", K::kText, kMust, "IANA media type",
           "媒体类型（IANA）"},
          {"access", "dataset.access", K::kText, kMust, "Who may see it", "开放程度"},
          {"owner", "owners", K::kShares, kMust, "ORG:BASIS_POINTS, summing to 10000",
           "机构:万分比，合计 10000"},
          {"sector", "sector", K::kText, kMust, "S01 to S20, or a pilot sector",
           "S01 至 S20，或试点行业"},
          {"region", "region", K::kText, kMust, "GB/T 2260, such as 530000",
           "行政区划代码（GB/T 2260），如 530000"},
          {"level", "level", K::kText, kMust, "Protection level (GB/T 43697-2024)",
           "保护级别（GB/T 43697-2024）"},
          {"source-class", "source_class", K::kText, kMust, "Where the data comes from",
           "数据来源类别"},
          {"content", "content", K::kText, kMay, "Salted commitment to the data, hexadecimal",
           "数据的加盐承诺值，十六进制"},
          {"officer", "responsible_officer", K::kOrganisation, kMay,
           "Who answers for security; needed before trade", "安全责任方；交易前必须有"}}});
}

void add_asset_objections(std::vector<OperationCommand>& all) {
    all.push_back({"asset",
                   "object",
                   "object_to_asset",
                   "Object during the notice period",
                   "公示期内提出异议",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"},
                    {"evidence", "evidence", K::kText, kMust, "SHA-256, hexadecimal",
                     "证据的 SHA-256，十六进制"}}});
    all.push_back(
        {"asset",
         "resolve-objection",
         "resolve_objection",
         "Authority: decide an objection, or an appeal against such a decision",
         "主管部门：裁定异议，或裁定对该裁定的申诉",
         {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
          {"objector", "objector", K::kOrganisation, kMust, "Who objected", "异议方"},
          {"upheld", "upheld", K::kFlag, kMay, "Without it: rejected", "异议成立；不给则为驳回"},
          {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
    all.push_back({"asset",
                   "appeal-objection",
                   "appeal_objection",
                   "Appeal once: an owner if the objection was upheld, else the objector",
                   "申诉一次：异议成立时由所有权人，否则由异议方",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
                    {"objector", "objector", K::kOrganisation, kMust, "Who objected", "异议方"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"},
                    {"evidence", "evidence", K::kText, kMust, "SHA-256, hexadecimal",
                     "证据的 SHA-256，十六进制"}}});
}

void add_asset_reviews(std::vector<OperationCommand>& all) {
    all.push_back({"asset",
                   "certify",
                   "certify_asset",
                   "Certify after the notice period",
                   "公示期满后确权",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"}}});
    all.push_back({"asset",
                   "grade",
                   "review_grading",
                   "Review the level of an asset",
                   "评审资产级别",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
                    {"level", "level", K::kText, kMust, "The reviewed level", "评审后的级别"},
                    {"evidence", "evidence", K::kText, kMust, "SHA-256, hexadecimal",
                     "评审材料的 SHA-256，十六进制"},
                    {"reason", "reason", K::kText, kMay, "Mandatory when the level falls",
                     "降级时必须给出原因"}}});
    all.push_back(
        {"asset",
         "review",
         "record_review",
         "Record a review: --passed, or --reason why it did not pass",
         "记录审查结果：--passed 通过；未通过须给 --reason",
         {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
          {"kind", "kind", K::kText, kMust, "Which review", "审查种类"},
          {"passed", "passed", K::kFlag, kMay, "Without it: not passed", "通过；不给则为未通过"},
          {"evidence", "evidence", K::kText, kMust, "SHA-256 of the report, hexadecimal",
           "审查报告的 SHA-256，十六进制"},
          {"until", "valid_until_ms", K::kTime, kMust, "End of its validity", "有效期截止"},
          {"sector", "sector", K::kText, kMay, "SECTOR_REVIEW: whose authority speaks",
           "行业审查（SECTOR_REVIEW）：代表的行业"},
          {"reason", "reason", K::kText, kMay, "Mandatory when it did not pass",
           "未通过时必须给出原因"}}});
    all.push_back({"asset",
                   "change-status",
                   "change_asset_status",
                   "Suspend, resume, cancel or refuse an asset",
                   "暂停、恢复、注销资产或拒绝登记",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
                    {"change", "change", K::kText, kMust, "What changes", "变更"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
}

void add_asset_stages(std::vector<OperationCommand>& all) {
    all.push_back({"asset",
                   "license",
                   "license_asset",
                   "Stage 1: take up the licence of every owner",
                   "第一阶段：取得全部所有权人的授权许可",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
                    {"grant", "grant", K::kText, kMust, "Operation-management grant",
                     "经营管理权授权编号"}}});
    all.push_back({"asset",
                   "skip-stage",
                   "declare_stage_not_needed",
                   "Declare that aggregation or processing is not needed",
                   "声明无需整合汇集或处理加工",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
                    {"stage", "stage", K::kText, kMust, "AGGREGATED or PROCESSED",
                     "阶段：AGGREGATED 或 PROCESSED"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
}

void add_rights(std::vector<OperationCommand>& all) {
    all.push_back(
        {"right",
         "grant",
         "grant_right",
         "Grant an operation-management or usage right",
         "授予经营管理权或使用权",
         {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
          {"holder", "holder", K::kOrganisation, kMust, "Who receives it", "获得方"},
          {"right", "right", K::kText, kMust, "OPERATION_MANAGEMENT or USAGE",
           "权利：OPERATION_MANAGEMENT（经营管理权）或 USAGE（使用权）"},
          {"action", "actions", K::kTexts, kMust, "What the holder may do, in this order",
           "允许的行为，按此顺序"},
          {"exclusive", "exclusive", K::kFlag, kMay, "No second such grant", "独占"},
          {"from", "valid_from_ms", K::kTime, kMay, "Begin (default: now)", "生效时间（默认现在）",
           "+0s"},
          {"until", "valid_until_ms", K::kTime, kMust, "End, such as +365d", "截止时间，如 +365d"},
          {"parent", "parent", K::kText, kMay, "Grant under which a delegate grants",
           "转授权所依据的上级授权"},
          {"depth", "delegation_depth", K::kText, kMay, "Further levels that may follow",
           "可再转授的层数"}}});
    all.push_back({"right",
                   "revoke",
                   "revoke_right",
                   "Revoke a grant and all that rests on it",
                   "撤销授权及其下级授权",
                   {{"grant", "grant", K::kText, kMust, "Its id", "授权编号"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
    all.push_back(
        {"right",
         "use",
         "record_use",
         "Record a use of a usage right",
         "记录一次使用",
         {{"grant", "grant", K::kText, kMust, "Its id", "授权编号"},
          {"action", "action", K::kText, kMust, "What was done", "行为"},
          {"purpose", "purpose", K::kText, kMay, "ODRL purpose", "用途（ODRL purpose）"},
          {"recipient", "recipient", K::kText, kMay, "ODRL recipient", "接收方（ODRL recipient）"},
          {"spatial", "spatial", K::kText, kMay, "ODRL spatial", "地域（ODRL spatial）"},
          {"count", "count", K::kText, kMust, "How many uses", "使用次数"},
          {"paid", "paid", K::kMoney, kMay, "MINOR_UNITS:CURRENCY", "最小单位数:币种"}}});
}

void add_listings(std::vector<OperationCommand>& all) {
    all.push_back(
        {"market",
         "offer",
         "create_listing",
         "Offer an asset on an exchange; TRADE_MODE needs --price and --split",
         "在交易中心挂牌；TRADE_MODE 须给 --price 与 --split",
         {{"reference", "reference", K::kText, kMust, "Unique per sender", "发送方内唯一编号"},
          {"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
          {"grant", "grant", K::kText, kMust, "Grant with LIST and PRICE",
           "含 LIST 与 PRICE 的授权编号"},
          {"mode", "mode", K::kText, kMust, "Kind of agreement", "交易方式"},
          {"price", "price", K::kMoney, kMay, "MINOR_UNITS:CURRENCY", "最小单位数:币种"},
          {"split", "split", K::kShares, kMay,
           "PART:ORG:BASIS_POINTS, parts in the order TAX EXCHANGE_FEE SERVICE_FEE OPERATOR OWNER",
           "部分:机构:万分比，依次为 TAX EXCHANGE_FEE SERVICE_FEE OPERATOR OWNER"},
          {"action", "actions", K::kTexts, kMust, "What the buyer may do", "买方可做的行为"},
          {"licence-ms", "licence_term_ms", K::kText, kMust,
           "Term of the buyer's right, milliseconds", "买方权利期限，毫秒"},
          {"until", "valid_until_ms", K::kTime, kMust, "End of the listing", "挂牌截止时间"},
          {"exclusive", "exclusive", K::kFlag, kMay, "Exclusive to one buyer", "单一买方独占"},
          {"exchange", "exchange", K::kOrganisation, kMust, "Where it is listed", "挂牌的交易中心"},
          {"purpose", "purposes", K::kTexts, kMay, "Allowed purposes", "允许的用途"}}});
    all.push_back({"market",
                   "change",
                   "change_listing",
                   "Approve, pause, resume, delist or revoke a listing",
                   "审核、暂停、恢复、下架或撤销挂牌",
                   {{"listing", "listing", K::kText, kMust, "Its id", "挂牌编号"},
                    {"change", "change", K::kText, kMust, "What changes", "变更"},
                    {"reason", "reason", K::kText, kMay, "Why", "原因"}}});
    all.push_back(
        {"market",
         "negotiate",
         "negotiate",
         "Send a message of a negotiation; a REQUEST with --reference and --price opens one",
         "发送协商消息；以带 --reference 与 --price 的 REQUEST 发起",
         {{"negotiation", "negotiation", K::kText, kMay, "Its id, from the receipt of the REQUEST",
           "协商编号，见 REQUEST 的回执"},
          {"listing", "listing", K::kText, kMust, "Listing id", "挂牌编号"},
          {"message", "message", K::kText, kMust, "Which message", "消息"},
          {"price", "price", K::kMoney, kMay, "With REQUEST and OFFER", "随 REQUEST 与 OFFER 给出"},
          {"reason", "reason", K::kText, kMay, "With TERMINATE", "随 TERMINATE 给出"},
          {"reference", "reference", K::kText, kMay, "With the first REQUEST, unique per sender",
           "随首个 REQUEST 给出，发送方内唯一"}}});
}

void add_orders(std::vector<OperationCommand>& all) {
    all.push_back(
        {"trade",
         "order",
         "place_order",
         "Order at the listed or negotiated price; the money goes into escrow",
         "按挂牌价或协商价下单；资金进入托管",
         {{"reference", "client_reference", K::kText, kMust, "Unique while the order lives",
           "订单存续期内唯一编号"},
          {"listing", "listing", K::kText, kMust, "Listing id", "挂牌编号"},
          {"negotiation", "negotiation", K::kText, kMay, "A concluded one", "已达成的协商编号"},
          {"price", "price", K::kMoney, kMay, "MINOR_UNITS:CURRENCY; none in AUTHORISE_MODE",
           "最小单位数:币种；AUTHORISE_MODE 下不给"},
          {"deliver-by", "delivery_deadline_ms", K::kTime, kMust, "Such as +1d",
           "交付期限，如 +1d"},
          {"accept-by", "acceptance_deadline_ms", K::kTime, kMust, "Such as +2d",
           "验收期限，如 +2d"},
          {"purpose", "purpose", K::kText, kMust, "What it is for", "用途"}}});
    all.push_back({"trade",
                   "deliver",
                   "deliver",
                   "Seller: the data was handed over",
                   "卖方：数据已交付",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"},
                    {"delivered", "delivered", K::kText, kMust, "SHA-256 of it, hexadecimal",
                     "交付内容的 SHA-256，十六进制"}}});
    all.push_back({"trade",
                   "accept",
                   "accept_delivery",
                   "Buyer: it arrived unchanged",
                   "买方：收到且未被改动",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"},
                    {"received", "received", K::kText, kMust, "SHA-256 of it, hexadecimal",
                     "收到内容的 SHA-256，十六进制"}}});
    all.push_back({"trade",
                   "complain",
                   "complain",
                   "Buyer: something is wrong",
                   "买方：提出投诉",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"},
                    {"reason", "reason", K::kText, kMust, "What", "投诉内容"},
                    {"evidence", "evidence", K::kText, kMust, "SHA-256, hexadecimal",
                     "证据的 SHA-256，十六进制"}}});
    all.push_back({"trade",
                   "resolve-complaint",
                   "resolve_complaint",
                   "Exchange: decide a complaint",
                   "交易中心：裁定投诉",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"},
                    {"refund", "refund", K::kFlag, kMay, "Without it: the order goes on",
                     "退款；不给则订单继续"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
}

void add_settlement(std::vector<OperationCommand>& all) {
    all.push_back({"trade",
                   "settle",
                   "settle_order",
                   "Split and pay out the escrow",
                   "按比例分配并支付托管资金",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"}}});
    all.push_back({"trade",
                   "cancel",
                   "cancel_order",
                   "Give the escrow back",
                   "取消订单并退回托管资金",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"},
                    {"reason", "reason", K::kText, kMay, "Why", "原因"}}});
    all.push_back({"trade",
                   "application",
                   "record_application",
                   "Buyer: record what was built with the data; a voucher needs one",
                   "买方：记录数据的应用；签发凭证须有应用记录",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"},
                    {"title-zh", "title.zh", K::kText, kMay, "Title in Chinese; it or --title-en",
                     "中文标题；与 --title-en 至少其一"},
                    {"title-en", "title.en", K::kText, kMay, "Title in English", "英文标题"},
                    {"purpose", "purpose", K::kText, kMust, "The order's purpose", "订单的用途"},
                    {"output", "output", K::kText, kMust, "SHA-256 of what was built, hexadecimal",
                     "成果的 SHA-256，十六进制"},
                    {"published", "published", K::kFlag, kMay, "It was published", "已公开发布"}}});
    all.push_back({"trade",
                   "voucher",
                   "issue_voucher",
                   "Exchange: issue the voucher of a settled order with an application",
                   "交易中心：为已结算且有应用记录的订单签发凭证",
                   {{"order", "order", K::kText, kMust, "Order id", "订单编号"}}});
    all.push_back({"trade",
                   "ownership",
                   "trade_ownership",
                   "Sell an asset outright against money",
                   "整体出售资产所有权",
                   {{"asset", "asset", K::kText, kMust, "Asset code", "资产编码"},
                    {"seller", "seller", K::kOrganisation, kMust,
                     "Present owner (signs, or has a mandate)", "现所有权人（签名或已委托）"},
                    {"buyer", "buyer", K::kOrganisation, kMust,
                     "New owner (signs, or has a mandate)", "新所有权人（签名或已委托）"},
                    {"price", "price", K::kMoney, kMust, "MINOR_UNITS:CURRENCY", "最小单位数:币种"},
                    {"reference", "client_reference", K::kText, kMust, "Unique per sender",
                     "发送方内唯一编号"}}});
}

}  // namespace

std::vector<OperationCommand> asset_and_market_commands() {
    std::vector<OperationCommand> all;
    add_registration(all);
    add_asset_objections(all);
    add_asset_reviews(all);
    add_asset_stages(all);
    add_rights(all);
    add_listings(all);
    add_orders(all);
    add_settlement(all);
    return all;
}

}  // namespace sanquan::cli
