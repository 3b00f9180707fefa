#include "client/cli/operation_table.h"

#include <google/protobuf/descriptor.h>

#include "ledger/codec/transaction.pb.h"

namespace sanquan::cli {
namespace {

using K = FieldKind;

constexpr bool kMust = true;
constexpr bool kMay = false;

void add_organisation_commands(std::vector<OperationCommand>& all) {
    all.push_back(
        {"org",
         "register",
         "register_organisation",
         "Register an organisation with its keys, or without keys one that is found in a source",
         "登记带密钥的机构；不带密钥则登记来源中发现的待认领机构",
         {{"id", "id", K::kText, kMust,
           "Unified social credit code, or X- and up to 62 of A-Z 0-9 -",
           "统一社会信用代码，或 X- 加至多 62 个 A-Z 0-9 -"},
          {"name-zh", "name.zh", K::kText, kMay, "Name in Chinese", "中文名称"},
          {"name-en", "name.en", K::kText, kMay, "Name in English", "英文名称"},
          {"kind", "kind", K::kText, kMust, "What it is", "机构类型"},
          {"region", "region", K::kText, kMust, "GB/T 2260, such as 530000",
           "行政区划代码（GB/T 2260），如 530000"},
          {"keys-of", "keys", K::kKeys, kMay, "Its keys in the profile's folder: sanquan key new",
           "配置目录中该机构的密钥，见 sanquan key new"},
          {"threshold", "threshold", K::kText, kMay, "Signatures needed; with keys at least 1",
           "所需签名数；有密钥时至少为 1"},
          {"source", "source", K::kText, kMay, "Without keys: where the name was found",
           "无密钥时：名称的来源"}}});
    all.push_back(
        {"org",
         "claim",
         "claim_organisation",
         "Give an unclaimed organisation its keys, after evidence",
         "凭证明材料认领机构并登记其密钥",
         {{"id", "id", K::kText, kMust, "The unclaimed organisation", "待认领机构"},
          {"keys-of", "keys", K::kKeys, kMust, "Its keys in the profile's folder: sanquan key new",
           "配置目录中该机构的密钥，见 sanquan key new"},
          {"threshold", "threshold", K::kText, kMust, "Signatures needed", "所需签名数"},
          {"evidence", "evidence", K::kText, kMust, "SHA-256 of the documents shown, hexadecimal",
           "所示材料的 SHA-256，十六进制"}}});
    all.push_back(
        {"org",
         "add-key",
         "add_key",
         "Register one more key of the sender (`sanquan key new ORG --json` makes it and prints "
         "these "
         "values; it signs from then on)",
         "为发送方增加一个密钥（`sanquan key new 机构 --json` 生成并打印各值；登记后才参与签名）",
         {{"algorithm", "key.key.algorithm", K::kText, kMust, "Of the key", "密钥算法"},
          {"public-key", "key.key.key", K::kText, kMust, "Hexadecimal", "公钥，十六进制"},
          {"possession", "key.possession", K::kText, kMust,
           "The key's signature that it is held, hexadecimal",
           "持有证明（该密钥的签名），十六进制"},
          {"from", "key.valid_from_ms", K::kTime, kMay, "Begin (default: at once)",
           "生效时间（默认立即）"},
          {"until", "key.valid_until_ms", K::kTime, kMay, "End (default: until revoked)",
           "失效时间（默认至吊销）"}}});
    all.push_back({"org",
                   "revoke-key",
                   "revoke_key",
                   "Revoke a signing key",
                   "吊销签名密钥",
                   {{"key", "key_id", K::kText, kMust, "Key id, 32 hexadecimal digits",
                     "密钥编号，32 位十六进制"},
                    {"organisation", "organisation", K::kOrganisation, kMay,
                     "Another's key (authority only)", "他方密钥（仅限主管部门）"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
}

void add_role_commands(std::vector<OperationCommand>& all) {
    all.push_back(
        {"org",
         "grant-role",
         "grant_role",
         "Give an organisation a role",
         "授予机构角色",
         {{"organisation", "organisation", K::kOrganisation, kMust, "Who receives it", "获得方"},
          {"role", "role", K::kText, kMust, "Which role", "角色"},
          {"sector", "sector", K::kText, kMay, "For SECTOR_AUTHORITY",
           "行业（角色为 SECTOR_AUTHORITY 时）"},
          {"provider-kind", "provider_kind", K::kText, kMay, "For SERVICE_PROVIDER",
           "服务类别（角色为 SERVICE_PROVIDER 时）"},
          {"lead", "lead", K::kFlag, kMay, "The one lead of a shared sector", "共管行业的牵头部门"},
          {"until", "valid_until_ms", K::kTime, kMay, "End (default: until revoked)",
           "失效时间（默认至撤销）"}}});
    all.push_back(
        {"org",
         "revoke-role",
         "revoke_role",
         "Take a role away",
         "撤销机构角色",
         {{"organisation", "organisation", K::kOrganisation, kMust, "From whom", "被撤销方"},
          {"role", "role", K::kText, kMust, "Which role", "角色"},
          {"sector", "sector", K::kText, kMay, "For SECTOR_AUTHORITY",
           "行业（角色为 SECTOR_AUTHORITY 时）"},
          {"provider-kind", "provider_kind", K::kText, kMay, "For SERVICE_PROVIDER",
           "服务类别（角色为 SERVICE_PROVIDER 时）"},
          {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
}

void add_money_commands(std::vector<OperationCommand>& all) {
    all.push_back({"org",
                   "issue-money",
                   "issue_money",
                   "Settlement bank: credit a balance",
                   "结算银行：记入余额",
                   {{"to", "to", K::kOrganisation, kMust, "Whose balance", "入账方"},
                    {"money", "money", K::kMoney, kMust, "MINOR_UNITS:CURRENCY, such as 12500:CNY",
                     "最小单位数:币种，如 12500:CNY"},
                    {"reference", "reference", K::kText, kMust, "The bank's own booking, unique",
                     "银行记账编号，唯一"}}});
    all.push_back({"org",
                   "redeem-money",
                   "redeem_money",
                   "Settlement bank: debit a balance (its owner signs too)",
                   "结算银行：扣减余额（须余额所有方共同签名）",
                   {{"from", "from", K::kOrganisation, kMust, "Whose balance", "扣款方"},
                    {"money", "money", K::kMoney, kMust, "MINOR_UNITS:CURRENCY", "最小单位数:币种"},
                    {"reference", "reference", K::kText, kMust, "The bank's own booking, unique",
                     "银行记账编号，唯一"}}});
    all.push_back(
        {"org",
         "grant-mandate",
         "grant_mandate",
         "Let an exchange buy or sell in one's name: --may-buy, --may-sell or both",
         "委托交易中心以本方名义买卖：--may-buy、--may-sell 或两者",
         {{"reference", "reference", K::kText, kMust, "Unique per sender", "发送方内唯一编号"},
          {"broker", "broker", K::kOrganisation, kMust, "The exchange", "受托交易中心"},
          {"may-buy", "may_buy", K::kFlag, kMay, "It may buy", "可买入"},
          {"may-sell", "may_sell", K::kFlag, kMay, "It may sell", "可卖出"},
          {"price-max", "price_max", K::kMoney, kMust, "Per operation", "单笔价格上限"},
          {"price-min", "price_min", K::kMoney, kMay, "Per sale (default: no floor)",
           "单笔卖出价格下限（默认不限）"},
          {"asset", "assets", K::kTexts, kMay, "Only these assets (default: all)",
           "仅限这些资产（默认全部）"},
          {"until", "valid_until_ms", K::kTime, kMust, "End, such as +30d", "截止时间，如 +30d"}}});
    all.push_back({"org",
                   "revoke-mandate",
                   "revoke_mandate",
                   "End a mandate",
                   "终止委托",
                   {{"mandate", "mandate", K::kText, kMust, "Its id", "委托编号"}}});
}

void add_governance_commands(std::vector<OperationCommand>& all) {
    all.push_back(
        {"govern",
         "propose",
         "submit_proposal",
         "Propose to the leading group: a rule parameter, a role to grant or a role to revoke",
         "向领导小组提案：规则参数、授予角色或撤销角色",
         {{"reference", "reference", K::kText, kMust, "Unique per sender", "发送方内唯一编号"},
          {"reason", "reason", K::kText, kMust, "Why", "原因"},
          {"voting-ends", "voting_ends_ms", K::kTime, kMust, "Such as +30m", "表决截止，如 +30m"},
          {"parameter", "set_rule_parameter.name", K::kText, kMay, "Rule parameter to set",
           "拟设定的规则参数"},
          {"value", "set_rule_parameter.value", K::kText, kMay, "Its new value", "参数新值"},
          {"at-height", "set_rule_parameter.activation_height", K::kText, kMay,
           "From this height on", "自该高度起生效"},
          {"grant-to", "grant_role.organisation", K::kOrganisation, kMay, "Who gets --grant-role",
           "获得角色的机构"},
          {"grant-role", "grant_role.role", K::kText, kMay, "Role to grant", "拟授予的角色"},
          {"grant-sector", "grant_role.sector", K::kText, kMay, "For SECTOR_AUTHORITY",
           "行业（角色为 SECTOR_AUTHORITY 时）"},
          {"revoke-from", "revoke_role.organisation", K::kOrganisation, kMay,
           "Who loses --revoke-role", "被撤销角色的机构"},
          {"revoke-role", "revoke_role.role", K::kText, kMay, "Role to revoke", "拟撤销的角色"},
          {"revoke-sector", "revoke_role.sector", K::kText, kMay, "For SECTOR_AUTHORITY",
           "行业（角色为 SECTOR_AUTHORITY 时）"},
          {"revoke-reason", "revoke_role.reason", K::kText, kMay, "Why it is revoked",
           "撤销原因"}}});
    all.push_back(
        {"govern",
         "vote",
         "cast_vote",
         "Leading group: vote on a proposal",
         "领导小组成员：对提案表决",
         {{"proposal", "proposal", K::kText, kMust, "Its id", "提案编号"},
          {"approve", "approve", K::kFlag, kMay, "Without it: against", "赞成；不给则为反对"}}});
    all.push_back({"govern",
                   "pilot-sector",
                   "approve_pilot_sector",
                   "Informatisation authority: approve a sector beyond the twenty",
                   "信息化主管部门：批准二十个行业以外的试点行业",
                   {{"code", "code", K::kText, kMust, "P and two digits", "P 加两位数字"},
                    {"name-zh", "name.zh", K::kText, kMust, "Name in Chinese", "中文名称"},
                    {"name-en", "name.en", K::kText, kMust, "Name in English", "英文名称"},
                    {"lead", "lead", K::kOrganisation, kMust, "Becomes its lead sector authority",
                     "成为其牵头主管部门"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
}

void add_freeze_commands(std::vector<OperationCommand>& all) {
    all.push_back(
        {"govern",
         "freeze",
         "freeze",
         "Freeze an asset, organisation or listing at once; the leading group must ratify it",
         "紧急冻结资产、机构或挂牌；须经领导小组追认",
         {{"subject", "subject", K::kText, kMust, "asset/CODE, organisation/ID or listing/ID",
           "asset/编码、organisation/编号 或 listing/编号"},
          {"reason", "reason", K::kText, kMust, "Why", "原因"},
          {"evidence", "evidence", K::kText, kMust, "SHA-256, hexadecimal",
           "证据的 SHA-256，十六进制"},
          {"until", "expires_ms", K::kTime, kMust, "When it ends by itself, such as +30m",
           "自动解除时间，如 +30m"}}});
    all.push_back({"govern",
                   "lift-freeze",
                   "lift_freeze",
                   "End a freeze",
                   "解除冻结",
                   {{"subject", "subject", K::kText, kMust, "What is frozen", "被冻结对象"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
    all.push_back({"govern",
                   "ratify-freeze",
                   "ratify_freeze",
                   "Leading group: agree to a freeze",
                   "领导小组成员：追认冻结",
                   {{"subject", "subject", K::kText, kMust, "What is frozen", "被冻结对象"},
                    {"until", "expires_ms", K::kTime, kMust, "Until when, such as +30m",
                     "冻结至何时，如 +30m"}}});
}

void add_tender_commands(std::vector<OperationCommand>& all) {
    all.push_back(
        {"tender",
         "open",
         "open_tender",
         "Sector authority: open a tender for the franchise of a sector",
         "行业主管部门：发布行业特许经营招标",
         {{"reference", "reference", K::kText, kMust, "Unique per sender", "发送方内唯一编号"},
          {"sector", "sector", K::kText, kMust, "S01 to S20, or a pilot sector",
           "S01 至 S20，或试点行业"},
          {"title-zh", "title.zh", K::kText, kMay, "Title in Chinese; it or --title-en",
           "中文标题；与 --title-en 至少其一"},
          {"title-en", "title.en", K::kText, kMay, "Title in English", "英文标题"},
          {"source", "source", K::kText, kMay, "Where it was published", "公告来源"},
          {"bids-open", "bids_open_ms", K::kTime, kMust, "After the notice, such as +30d",
           "公示后开始投标，如 +30d"},
          {"bids-close", "bids_close_ms", K::kTime, kMust, "Such as +45d", "截止投标，如 +45d"},
          {"reveal-ends", "reveal_ends_ms", K::kTime, kMust, "Such as +60d", "揭标截止，如 +60d"},
          {"franchise-ms", "franchise_term_ms", K::kText, kMust,
           "Term of the franchise, milliseconds", "特许经营期限，毫秒"},
          {"exclusive", "exclusive", K::kFlag, kMay, "For one platform alone", "独家经营"}}});
    all.push_back({"tender",
                   "bid",
                   "submit_bid",
                   "Bid by a sealed commitment (sanquan bid-commitment)",
                   "提交密封投标的承诺值（见 sanquan bid-commitment）",
                   {{"tender", "tender", K::kText, kMust, "Its id", "招标编号"},
                    {"commitment", "commitment", K::kText, kMust, "64 hexadecimal digits",
                     "承诺值，64 位十六进制"}}});
    all.push_back(
        {"tender",
         "reveal",
         "reveal_bid",
         "Open one's sealed bid",
         "揭示密封投标",
         {{"tender", "tender", K::kText, kMust, "Its id", "招标编号"},
          {"price", "price", K::kMoney, kMust, "MINOR_UNITS:CURRENCY", "最小单位数:币种"},
          {"proposal", "proposal", K::kText, kMust, "SHA-256 of the offered documents, hexadecimal",
           "投标文件的 SHA-256，十六进制"},
          {"salt", "salt", K::kText, kMust, "64 hexadecimal digits, as committed",
           "承诺时的盐值，64 位十六进制"}}});
    all.push_back(
        {"tender",
         "award",
         "award_tender",
         "Award the tender; the franchise follows",
         "定标；随之产生特许经营权",
         {{"tender", "tender", K::kText, kMust, "Its id", "招标编号"},
          {"winner", "winner", K::kOrganisation, kMust, "Who revealed a bid", "中标方（须已揭标）"},
          {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
    all.push_back({"tender",
                   "cancel",
                   "cancel_tender",
                   "End a tender without an award",
                   "取消招标",
                   {{"tender", "tender", K::kText, kMust, "Its id", "招标编号"},
                    {"reason", "reason", K::kText, kMust, "Why", "原因"}}});
}

// The field at the dotted path; nullptr when there is none.
const google::protobuf::FieldDescriptor* field_at(const OperationCommand& command,
                                                  std::string_view path) {
    const auto* field =
        wire::Operation::descriptor()->FindFieldByName(std::string(command.operation));
    while (field != nullptr && !path.empty()) {
        const auto dot = path.find('.');
        const auto* message = field->message_type();
        field = message == nullptr ? nullptr
                                   : message->FindFieldByName(std::string(path.substr(0, dot)));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return field;
}

}  // namespace

std::vector<OperationCommand> party_commands() {
    std::vector<OperationCommand> all;
    add_organisation_commands(all);
    add_role_commands(all);
    add_money_commands(all);
    add_governance_commands(all);
    add_freeze_commands(all);
    add_tender_commands(all);
    return all;
}

const std::vector<OperationCommand>& operation_commands() {
    static const std::vector<OperationCommand> kAll = [] {
        auto all = party_commands();
        auto more = asset_and_market_commands();
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }();
    return kAll;
}

const std::vector<OperationGroup>& operation_groups() {
    static const std::vector<OperationGroup> kAll = {
        {"org", "Organisations, roles, money and mandates", "机构、角色、资金与委托"},
        {"govern", "Proposals, votes, pilot sectors, freezes", "提案、表决、试点行业、冻结"},
        {"tender", "Tenders, sealed bids, awards", "招标、密封投标、定标"},
        {"asset", "Data assets: register, review, look at", "数据资产：登记、审查、查询"},
        {"right", "Grants of operation-management and usage rights", "经营管理权与使用权的授予"},
        {"market", "Listings and negotiations", "挂牌与协商"},
        {"trade", "Orders, delivery, settlement, ownership sales", "订单、交付、结算、所有权买卖"}};
    return kAll;
}

std::vector<std::string> choices_of(const OperationCommand& command, const FieldFlag& field) {
    const auto* descriptor = field_at(command, field.path);
    std::vector<std::string> names;
    if (descriptor == nullptr || descriptor->enum_type() == nullptr) {
        return names;
    }
    const auto* values = descriptor->enum_type();
    for (int i = 0; i < values->value_count(); ++i) {
        if (values->value(i)->number() != 0) {
            names.push_back(values->value(i)->name());
        }
    }
    return names;
}

}  // namespace sanquan::cli
