#include "drivers/memstore/graph/cypher_parser.h"

#include <algorithm>
#include <set>

#include "drivers/memstore/graph/cypher_eval.h"
#include "drivers/memstore/graph/cypher_expressions.h"

namespace prism::memstore::cypher {
namespace {

using Kind = Expression::Kind;

// The upper half of the parser: clauses and patterns.
class QueryParser : public ExpressionParser {
 public:
  using ExpressionParser::ExpressionParser;

  Result<Query> Run() {
    Query query;
    PRISM_RETURN_IF_ERROR(ParseMatch(query));
    PRISM_RETURN_IF_ERROR(ParseReturn(query));
    PRISM_RETURN_IF_ERROR(ParseOrder(query));
    PRISM_RETURN_IF_ERROR(ParseBounds(query));
    TakeSymbol(";");
    if (Current().kind != Token::Kind::kEnd) return Unexpected("the end of the query");
    query.slots = slots();
    return query;
  }

 private:
  Status ParseMatch(Query& query) {
    PRISM_RETURN_IF_ERROR(ExpectKeyword("MATCH"));
    do {
      Chain chain;
      PRISM_RETURN_IF_ERROR(ParseChain(chain));
      query.chains.push_back(std::move(chain));
    } while (TakeSymbol(","));
    if (!TakeKeyword("WHERE")) return OkStatus();
    Result<ExpressionPtr> where = ParseExpression();
    if (!where.ok()) return std::move(where).status();
    query.where = *std::move(where);
    return OkStatus();
  }

  Status ParseChain(Chain& chain) {
    PRISM_RETURN_IF_ERROR(ParseNode(chain));
    while (Current().IsSymbol("-") || Current().IsSymbol("<")) {
      PRISM_RETURN_IF_ERROR(ParseEdge(chain));
      PRISM_RETURN_IF_ERROR(ParseNode(chain));
    }
    return OkStatus();
  }

  Status ParseNode(Chain& chain) {
    NodePattern node;
    node.position = Current().position;
    if (!Current().IsSymbol("(")) return Unexpected("'(' of a node");
    Take();
    if (++nodes_ > kMaxPatternNodes) {
      return ErrorAt(node.position,
                     "more than " + std::to_string(kMaxPatternNodes) + " nodes in the pattern");
    }
    Result<int> slot = ParseVariable(node_slots_, edge_slots_);
    if (!slot.ok()) return std::move(slot).status();
    node.slot = *slot;
    node_slots_.insert(node.slot);
    while (TakeSymbol(":")) {
      Result<std::string> label = TakeName("a label");
      if (!label.ok()) return std::move(label).status();
      node.labels.push_back(*std::move(label));
    }
    PRISM_RETURN_IF_ERROR(ParseProperties(node.properties));
    chain.nodes.push_back(std::move(node));
    return ExpectSymbol(")");
  }

  // A variable if there is one; a slot in any case.
  Result<int> ParseVariable(const std::set<int>& same, const std::set<int>& other) {
    const Token& token = Current();
    if (token.kind != Token::Kind::kName && token.kind != Token::Kind::kQuotedName) {
      return NewSlot();
    }
    const std::string name = Take().text;
    const std::optional<int> known = SlotOf(name, false);
    const bool clash = known && other.contains(*known);
    const bool edge_again = known && same.contains(*known) && &same == &edge_slots_;
    if (clash || edge_again) {
      return ErrorAt(token.position, "'" + name + "' is already the name of an edge or node");
    }
    return *SlotOf(name, true);
  }

  Status ParseEdge(Chain& chain) {
    EdgePattern edge;
    edge.position = Current().position;
    const bool left = TakeSymbol("<");
    PRISM_RETURN_IF_ERROR(ExpectSymbol("-"));
    if (TakeSymbol("[")) {
      Result<int> slot = ParseVariable(edge_slots_, node_slots_);
      if (!slot.ok()) return std::move(slot).status();
      edge.slot = *slot;
      edge_slots_.insert(edge.slot);
      PRISM_RETURN_IF_ERROR(ParseTypes(edge));
      if (TakeSymbol("*")) PRISM_RETURN_IF_ERROR(ParseHops(edge));
      PRISM_RETURN_IF_ERROR(ParseProperties(edge.properties));
      for (const PropertyPattern& property : edge.properties) {
        std::vector<int> used;
        CollectSlots(*property.value, used);
        if (!edge.variable || used.empty()) continue;
        return ErrorAt(property.value->position,
                       "variables within a path of variable length are not supported");
      }
      PRISM_RETURN_IF_ERROR(ExpectSymbol("]"));
    } else {
      edge.slot = NewSlot();
    }
    PRISM_RETURN_IF_ERROR(ExpectSymbol("-"));
    const bool right = TakeSymbol(">");
    // `<-->` means the same as `--`.
    edge.out = right || !left;
    edge.in = left || !right;
    hops_ += edge.max_hops;
    if (hops_ > kMaxPatternHops) {
      return ErrorAt(edge.position, "the pattern has paths of more than " +
                                        std::to_string(kMaxPatternHops) + " edges together");
    }
    chain.edges.push_back(std::move(edge));
    return OkStatus();
  }

  Status ParseTypes(EdgePattern& edge) {
    if (!TakeSymbol(":")) return OkStatus();
    do {
      TakeSymbol(":");
      Result<std::string> type = TakeName("a type of edges");
      if (!type.ok()) return std::move(type).status();
      edge.labels.push_back(*std::move(type));
    } while (TakeSymbol("|"));
    std::sort(edge.labels.begin(), edge.labels.end());
    edge.labels.erase(std::unique(edge.labels.begin(), edge.labels.end()), edge.labels.end());
    return OkStatus();
  }

  Status ParseHops(EdgePattern& edge) {
    edge.variable = true;
    const Position position = Current().position;
    int64_t least = 1, most = -1;
    const bool has_least = Current().kind == Token::Kind::kInteger;
    if (has_least) PRISM_RETURN_IF_ERROR(TakeCount(least));
    if (!TakeSymbol("..")) {
      if (has_least) most = least;
    } else if (Current().kind == Token::Kind::kInteger) {
      PRISM_RETURN_IF_ERROR(TakeCount(most));
    }
    if (most < 0 || most > kMaxHops) {
      return ErrorAt(position, "a path of variable length needs an upper bound of at most " +
                                   std::to_string(kMaxHops) + ", as in *1.." +
                                   std::to_string(kMaxHops));
    }
    edge.min_hops = static_cast<int>(std::min<int64_t>(least, kMaxHops + 1));
    edge.max_hops = static_cast<int>(most);
    return OkStatus();
  }

  Status TakeCount(int64_t& count) {
    const Token token = Current();
    if (token.kind != Token::Kind::kInteger || token.text.size() > 18) {
      return Unexpected("a whole number");
    }
    count = std::stoll(Take().text);
    return OkStatus();
  }

  Status ParseProperties(std::vector<PropertyPattern>& properties) {
    if (!TakeSymbol("{")) return OkStatus();
    if (TakeSymbol("}")) return OkStatus();
    do {
      Result<std::string> name = TakeName("a property's name");
      if (!name.ok()) return std::move(name).status();
      PRISM_RETURN_IF_ERROR(ExpectSymbol(":"));
      Result<ExpressionPtr> value = ParseExpression();
      if (!value.ok()) return std::move(value).status();
      PropertyPattern property;
      property.name = *std::move(name);
      property.value = *std::move(value);
      properties.push_back(std::move(property));
    } while (TakeSymbol(","));
    return ExpectSymbol("}");
  }

  Status ParseReturn(Query& query) {
    PRISM_RETURN_IF_ERROR(ExpectKeyword("RETURN"));
    query.distinct = TakeKeyword("DISTINCT");
    if (Current().IsSymbol("*")) {
      return ErrorAt(Current().position, "RETURN * is not supported; name the columns");
    }
    do {
      Item item;
      const Position position = Current().position;
      Result<ExpressionPtr> expression = ParseColumn();
      if (!expression.ok()) return std::move(expression).status();
      item.expression = *std::move(expression);
      item.name = item.expression->text;
      if (TakeKeyword("AS")) {
        Result<std::string> alias = TakeName("a column's name");
        if (!alias.ok()) return std::move(alias).status();
        item.name = *std::move(alias);
      }
      for (const Item& other : query.items) {
        if (other.name == item.name) {
          return ErrorAt(position, "two columns have the name '" + item.name + "'");
        }
      }
      query.aggregates |= item.expression->kind == Kind::kAggregate;
      query.items.push_back(std::move(item));
    } while (TakeSymbol(","));
    return OkStatus();
  }

  Status ParseOrder(Query& query) {
    if (!TakeKeyword("ORDER")) return OkStatus();
    PRISM_RETURN_IF_ERROR(ExpectKeyword("BY"));
    do {
      Order order;
      PRISM_RETURN_IF_ERROR(ParseOrderKey(query, order));
      if (TakeKeyword("DESC") || TakeKeyword("DESCENDING")) {
        order.descending = true;
      } else if (!TakeKeyword("ASC")) {
        TakeKeyword("ASCENDING");
      }
      query.order.push_back(std::move(order));
    } while (TakeSymbol(","));
    return OkStatus();
  }

  // A column by its name or by its text, or any expression if rows are not put together.
  Status ParseOrderKey(const Query& query, Order& order) {
    const Token first = Current();
    const Token& second = Ahead(1);
    const bool alone = second.kind == Token::Kind::kEnd || second.kind == Token::Kind::kName ||
                       second.IsSymbol(",") || second.IsSymbol(";");
    if (first.kind == Token::Kind::kName || first.kind == Token::Kind::kQuotedName) {
      for (size_t i = 0; alone && i < query.items.size(); ++i) {
        if (query.items[i].name != first.text) continue;
        Take();
        order.column = static_cast<int>(i);
        return OkStatus();
      }
    }
    Result<ExpressionPtr> key = ParseColumn();
    if (!key.ok()) return std::move(key).status();
    for (size_t i = 0; i < query.items.size(); ++i) {
      if (query.items[i].expression->text != (*key)->text) continue;
      order.column = static_cast<int>(i);
      return OkStatus();
    }
    if (query.aggregates || query.distinct || (*key)->kind == Kind::kAggregate) {
      return ErrorAt(first.position,
                     "with aggregates or DISTINCT only columns of the result can be ordered by");
    }
    order.expression = *std::move(key);
    return OkStatus();
  }

  Status ParseBounds(Query& query) {
    if (TakeKeyword("SKIP")) PRISM_RETURN_IF_ERROR(ParseBound(query.skip));
    query.has_limit = TakeKeyword("LIMIT");
    return query.has_limit ? ParseBound(query.limit) : OkStatus();
  }

  Status ParseBound(uint64_t& bound) {
    const Position position = Current().position;
    Result<ExpressionPtr> parsed = ParseExpression();
    if (!parsed.ok()) return std::move(parsed).status();
    const int64_t* value =
        (*parsed)->kind == Kind::kLiteral ? (*parsed)->value.If<int64_t>() : nullptr;
    if (!value || *value < 0) {
      return ErrorAt(position, "expected a whole number or a parameter that is one");
    }
    bound = static_cast<uint64_t>(*value);
    return OkStatus();
  }

  std::set<int> node_slots_, edge_slots_;
  int nodes_ = 0;
  int hops_ = 0;
};

}  // namespace

std::string_view SubsetDescription() {
  return "One MATCH with patterns of nodes and edges (labels, types, properties, directions, paths "
         "of variable length up to 32 edges), WHERE (comparisons, AND, OR, XOR, NOT, IN, STARTS "
         "WITH, ENDS WITH, CONTAINS, IS NULL, arithmetic), RETURN [DISTINCT] with aliases, ORDER "
         "BY, SKIP and LIMIT. Functions id, labels, type, size; aggregates count, sum, avg, min, "
         "max, collect, each a column of its own. It reads and does not write.";
}

Result<Query> ParseQuery(std::string_view text, const Parameters& parameters) {
  if (text.size() > kMaxTextBytes) {
    return InvalidArgumentError("text has " + std::to_string(text.size()) + " bytes; at most " +
                                std::to_string(kMaxTextBytes) + " are allowed");
  }
  Result<std::vector<Token>> tokens = Tokenize(text);
  if (!tokens.ok()) return std::move(tokens).status();
  return QueryParser(text, *std::move(tokens), parameters).Run();
}

}  // namespace prism::memstore::cypher
