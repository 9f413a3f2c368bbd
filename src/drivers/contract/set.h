#pragma once

#include "base/result.h"
#include "drivers/contract/checks.h"
#include "drivers/contract/index_range.h"
#include "prism/interfaces/set_basic.pb.h"
#include "prism/interfaces/set_cardinality.pb.h"
#include "prism/interfaces/set_operations.pb.h"
#include "prism/interfaces/set_random.pb.h"

namespace prism {

// Whether a request of a set interface keeps the contract, whatever the backend: OK or
// INVALID_ARGUMENT naming the field and its limit.
Status Check(const set::v1::AddRequest& request);
Status Check(const set::v1::RemoveRequest& request);
Status Check(const set::v1::ContainsRequest& request);
Status Check(const set::v1::GetMembersRequest& request);
Status Check(const set::v1::ClearRequest& request);
Status Check(const set::v1::SizeRequest& request);
Status Check(const set::v1::GetRandomRequest& request);
Status Check(const set::v1::PopRequest& request);
Status Check(const set::v1::OperationRequest& request);
Status Check(const set::v1::StoreRequest& request);
Status Check(const set::v1::IntersectionSizeRequest& request);

}  // namespace prism
