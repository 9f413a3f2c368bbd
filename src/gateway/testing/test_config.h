#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "drivers/registry.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "prism/interfaces/keyvalue_basic.pb.h"

namespace prism::testing {

// A backend with one interface, whose reads wait until they are cancelled and whose writes fail.
class PartialBackend final : public Implements<PartialBackend, KeyValueBasic> {
 public:
  PartialBackend() { ++alive; }
  ~PartialBackend() override { --alive; }
  static inline int alive = 0;

  Task<Status> Set(RequestContext&, const keyvalue::v1::SetRequest&,
                   keyvalue::v1::SetResponse&) override {
    co_return FailedPreconditionError("read only");
  }
  Task<Status> Get(RequestContext& ctx, const keyvalue::v1::GetRequest&,
                   keyvalue::v1::GetResponse&) override {
    Event never;
    co_return co_await never.Wait(ctx.cancellation);
  }
  Task<Status> Delete(RequestContext&, const keyvalue::v1::DeleteRequest&,
                      keyvalue::v1::DeleteResponse&) override {
    co_return FailedPreconditionError("read only");
  }
  Task<Status> Exists(RequestContext&, const keyvalue::v1::ExistsRequest&,
                      keyvalue::v1::ExistsResponse&) override {
    co_return OkStatus();
  }
};

// Opens such backends; the setting "broken" is the name of a namespace that cannot be opened.
class PartialFactory final : public BackendFactory {
 public:
  explicit PartialFactory(std::string broken) : broken_(std::move(broken)) { ++alive; }
  ~PartialFactory() override { --alive; }
  static inline int alive = 0;

  Result<std::unique_ptr<Backend>> OpenOn(Worker&, std::string_view name_space) override {
    if (name_space == broken_) return UnavailableError("cannot open " + broken_);
    return std::unique_ptr<Backend>(std::make_unique<PartialBackend>());
  }
  static Result<std::unique_ptr<BackendFactory>> Open(const Settings& settings) {
    SettingsReader reader(settings);
    std::string broken = reader.String("broken", "");
    PRISM_RETURN_IF_ERROR(reader.Finish());
    return std::unique_ptr<BackendFactory>(std::make_unique<PartialFactory>(std::move(broken)));
  }

 private:
  const std::string broken_;
};

// The registry's drivers and "partial".
inline const Driver* FindTestDriver(std::string_view name) {
  static const Driver kPartial = {"partial", "one interface, for tests",
                                  PartialBackend::kInterfaces, &PartialFactory::Open};
  return name == kPartial.name ? &kPartial : FindDriver(name);
}

// One backend "store" and namespaces on it.
inline Config TestConfig(const std::vector<std::string>& namespaces,
                         const std::string& driver = "memstore") {
  Config config;
  config.backends.push_back({driver, {"store", "test.yaml", {}}});
  for (const std::string& name : namespaces) config.namespaces.push_back({name, "store", {}});
  return config;
}

}  // namespace prism::testing
