#pragma once

#include "base/result.h"
#include "drivers/contract/checks.h"
#include "drivers/contract/index_range.h"
#include "prism/interfaces/sortedset_basic.pb.h"
#include "prism/interfaces/sortedset_lex.pb.h"
#include "prism/interfaces/sortedset_operations.pb.h"
#include "prism/interfaces/sortedset_range.pb.h"
#include "prism/interfaces/sortedset_rank.pb.h"

namespace prism {

// Whether a request of a sortedset interface keeps the contract, whatever the backend: OK or
// INVALID_ARGUMENT naming the field and its limit.
Status Check(const sortedset::v1::AddRequest& request);
Status Check(const sortedset::v1::RemoveRequest& request);
Status Check(const sortedset::v1::GetScoreRequest& request);
Status Check(const sortedset::v1::IncrementRequest& request);
Status Check(const sortedset::v1::SizeRequest& request);
Status Check(const sortedset::v1::ClearRequest& request);
Status Check(const sortedset::v1::RankRequest& request);
Status Check(const sortedset::v1::GetRangeByIndexRequest& request);
Status Check(const sortedset::v1::GetRangeByScoreRequest& request);
Status Check(const sortedset::v1::CountByScoreRequest& request);
Status Check(const sortedset::v1::RemoveRangeByIndexRequest& request);
Status Check(const sortedset::v1::RemoveRangeByScoreRequest& request);
Status Check(const sortedset::v1::GetRangeByLexRequest& request);
Status Check(const sortedset::v1::CountByLexRequest& request);
Status Check(const sortedset::v1::RemoveRangeByLexRequest& request);
// A difference keeps the scores of its first source: it takes neither weights nor an aggregate.
Status Check(const sortedset::v1::OperationRequest& request, bool difference);
Status Check(const sortedset::v1::StoreRequest& request, bool difference);

// INVALID_ARGUMENT for NaN.
Status CheckScore(std::string_view field, double score);

}  // namespace prism
