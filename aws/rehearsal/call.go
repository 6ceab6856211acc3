package rehearsal

import (
	"context"
	"net/http"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/aws/policy"
)

// intercept disturbs a call before it is served. A slow call that is then
// refused is both, as in a real outage.
func (r *Rehearsal) intercept(ctx context.Context, call local.Call) *wire.Error {
	for _, d := range r.now(Latency) {
		if r.hits(d, call) && !pause(ctx, d.By) {
			return nil // its caller has gone
		}
	}
	for _, d := range r.now(Forbidden) {
		if need, found := forbids(d, call.Needs); found && r.isWho(d.Who, call) {
			return call.Lacks(need)
		}
	}
	for i, d := range r.now(Throttle) {
		if d.Limit > 0 && r.concerns(d, call) && !r.takes(i, d.Limit) || d.Limit == 0 && r.hits(d, call) {
			return call.Throttled()
		}
	}
	for _, d := range r.now(ServerErrors) {
		if r.hits(d, call) {
			return &wire.Error{Status: http.StatusServiceUnavailable, Type: "ServiceUnavailable", Message: "Service is unavailable. Try again later."}
		}
	}
	return nil
}

// lose tells whether a call's answer gets lost.
func (r *Rehearsal) lose(call local.Call) bool {
	for _, d := range r.now(LostAnswers) {
		if r.hits(d, call) {
			return true
		}
	}
	return false
}

// hits tells whether a disturbance concerns a call, and strikes it this time.
func (r *Rehearsal) hits(d Disturbance, call local.Call) bool {
	return r.concerns(d, call) && r.happens(d.Share)
}

func (r *Rehearsal) concerns(d Disturbance, call local.Call) bool {
	return policy.Matches(d.Action, call.Action()) && r.isWho(d.Who, call)
}

// isWho tells whether a call is of a side. Calls that nobody signed are of
// customers, and of neither side.
func (r *Rehearsal) isWho(who Who, call local.Call) bool {
	switch who {
	case Functions:
		return call.AccessKey == r.functionsKey
	case Operator:
		return call.AccessKey != r.functionsKey && call.AccessKey != ""
	default:
		return true
	}
}

// forbids finds the first need of a call that a disturbance denies.
func forbids(d Disturbance, needs []local.Permission) (need local.Permission, found bool) {
	for _, need := range needs {
		if policy.Matches(d.Action, need.Action) && (d.Resource == "" || policy.Matches(d.Resource, need.Resource)) {
			return need, true
		}
	}
	return local.Permission{}, false
}

// Guard denies what the policies of an access key do not allow. It is an
// Intercept of local.Options. Keys without a policy may do everything.
func Guard(policies map[string]policy.Policy) func(context.Context, local.Call) *wire.Error {
	return func(_ context.Context, call local.Call) *wire.Error {
		p, guarded := policies[call.AccessKey]
		if !guarded {
			return nil
		}
		for _, need := range call.Needs {
			if !p.Allows(need.Action, need.Resource) {
				return call.Lacks(need)
			}
		}
		return nil
	}
}

// bucket holds the calls that may pass at once: those of one second, one at least.
type bucket struct {
	tokens float64
	filled time.Time
}

// takes takes a token of a disturbance's bucket.
func (r *Rehearsal) takes(disturbance int, rate float64) bool {
	size := max(rate, 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	b := r.buckets[disturbance]
	if b == nil {
		b = &bucket{tokens: size, filled: now}
		r.buckets[disturbance] = b
	}
	b.tokens = min(size, b.tokens+rate*now.Sub(b.filled).Seconds())
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
