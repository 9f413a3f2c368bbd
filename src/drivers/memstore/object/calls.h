#pragma once

#include <memory>

#include "interfaces/backend.h"
#include "drivers/memstore/object/objects.h"
#include "interfaces/object_basic.prism.h"

namespace prism::memstore {

struct NamespaceData;

// The object contract on one worker. Content is taken and given in pieces, and in turns.
class ObjectCalls final : public Provides<ObjectBasic> {
 public:
  explicit ObjectCalls(std::shared_ptr<NamespaceData> data);

  Task<Status> Put(RequestContext& ctx, Stream<object::v1::PutRequest>& parts,
                   object::v1::PutResponse& response) override;
  Stream<object::v1::GetResponse> Get(RequestContext& ctx,
                                      const object::v1::GetRequest& request) override;
  Task<Status> Head(RequestContext& ctx, const object::v1::HeadRequest& request,
                    object::v1::HeadResponse& response) override;
  Task<Status> Delete(RequestContext& ctx, const object::v1::DeleteRequest& request,
                      object::v1::DeleteResponse& response) override;
  Stream<object::v1::ListResponse> List(RequestContext& ctx,
                                        const object::v1::ListRequest& request) override;

 private:
  static Task<Status> Receive(RequestContext& ctx, Stream<object::v1::PutRequest>& parts,
                              ObjectUpload& upload);

  const std::shared_ptr<NamespaceData> data_;
  Objects& objects_;
};

}  // namespace prism::memstore
