#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/pubsub/client.h"

// Filters as expressions: AllOf({Equals("a", "1"), Not(Exists("b"))}).
namespace prism::conformance::pubsub_suite {

inline Filter Equals(std::string attribute, std::string value) {
  Filter filter;
  filter.mutable_equals()->set_attribute(std::move(attribute));
  filter.mutable_equals()->set_value(std::move(value));
  return filter;
}

inline Filter Prefix(std::string attribute, std::string value) {
  Filter filter;
  filter.mutable_prefix()->set_attribute(std::move(attribute));
  filter.mutable_prefix()->set_value(std::move(value));
  return filter;
}

inline Filter Exists(std::string attribute) {
  Filter filter;
  filter.set_exists(std::move(attribute));
  return filter;
}

inline Filter Range(std::string attribute, std::optional<double> min, std::optional<double> max) {
  Filter filter;
  filter.mutable_range()->set_attribute(std::move(attribute));
  if (min) filter.mutable_range()->set_min(*min);
  if (max) filter.mutable_range()->set_max(*max);
  return filter;
}

inline Filter AllOf(const std::vector<Filter>& parts) {
  Filter filter;
  filter.mutable_all();
  for (const Filter& part : parts) *filter.mutable_all()->add_filters() = part;
  return filter;
}

inline Filter AnyOf(const std::vector<Filter>& parts) {
  Filter filter;
  filter.mutable_any();
  for (const Filter& part : parts) *filter.mutable_any()->add_filters() = part;
  return filter;
}

inline Filter Not(const Filter& part) {
  Filter filter;
  *filter.mutable_negation() = part;
  return filter;
}

}  // namespace prism::conformance::pubsub_suite
