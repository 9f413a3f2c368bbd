#include "base/cancellation.h"

#include <utility>

namespace prism {

void CancelHook::Hook(Cancellation& cancellation, Callback callback, void* self) {
  callback_ = callback;
  self_ = self;
  next_ = cancellation.hooks_;
  link_ = &cancellation.hooks_;
  if (next_) next_->link_ = &next_;
  cancellation.hooks_ = this;
}

void CancelHook::Unhook() {
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
  link_ = nullptr;
  next_ = nullptr;
}

Cancellation::~Cancellation() {
  while (hooks_) hooks_->Unhook();
}

void Cancellation::Cancel(Status reason) {
  if (cancelled()) return;
  reason_ = std::move(reason);
  while (CancelHook* hook = hooks_) {
    hook->Unhook();
    hook->callback_(hook->self_);
  }
}

}  // namespace prism
