package workflow

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// LeastReason is how many characters a reason for unlocking has at least: a
// word that someone else can make sense of later.
const LeastReason = 5

// Guard decides whether this session may change something. A read-only one
// never may; a production one only while it is unlocked. It is safe for
// concurrent use; nil guards nothing.
type Guard struct {
	readOnly, production bool
	unlockFor            time.Duration

	mu sync.Mutex
	// until is the wall-clock time at which the lock closes again; zero means closed.
	until time.Time
	// reason is that of the last unlocking; "" when there was none.
	reason string
}

// GuardState is what a guard allows at the moment.
type GuardState struct {
	ReadOnly, Production bool
	// OpenUntil is when a production session locks itself again; zero means locked.
	OpenUntil time.Time
	// Reason is what it was unlocked for.
	Reason string
}

// NewGuard makes a guard; unlockFor is how long unlocking lasts.
func NewGuard(readOnly, production bool, unlockFor time.Duration) *Guard {
	return &Guard{readOnly: readOnly, production: production, unlockFor: unlockFor}
}

// UnlockFor is how long unlocking lasts.
func (g *Guard) UnlockFor() time.Duration {
	if g == nil {
		return 0
	}
	return g.unlockFor
}

// Check refuses an operation on a target while nothing may be changed, as a
// *Problem of the kind Refused.
func (g *Guard) Check(operation, target string) error {
	state := g.State()
	why := state.Refusal()
	if why == "" {
		return nil
	}
	next := "Unlock it with a reason first."
	if state.ReadOnly {
		next = "Use a context without read_only, and start without --read-only and ORDEROPS_READ_ONLY."
	}
	return &Problem{Kind: Refused, Operation: operation, Target: target, Reason: why + "; nothing was sent", Next: next}
}

// Refusal is why nothing may be changed; "" when it may.
func (s GuardState) Refusal() string {
	switch {
	case s.ReadOnly:
		return "this session is read-only"
	case s.Production && s.OpenUntil.IsZero():
		return "this production context is locked"
	}
	return ""
}

// State is what is allowed now.
func (g *Guard) State() GuardState {
	if g == nil {
		return GuardState{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	state := GuardState{ReadOnly: g.readOnly, Production: g.production}
	if time.Now().Round(0).Before(g.until) {
		state.OpenUntil, state.Reason = g.until, g.reason
	}
	return state
}

// CheckReason says what is wrong with a reason for unlocking.
func CheckReason(reason string) error {
	if n := len([]rune(strings.TrimSpace(reason))); n < LeastReason {
		return fmt.Errorf("needs %d characters", LeastReason)
	}
	return nil
}

// Unlock lets a production session change something for a time.
func (g *Guard) Unlock(reason string) (until time.Time, err error) {
	if g == nil || g.readOnly || !g.production {
		return time.Time{}, &Problem{
			Kind: Invalid, Operation: "unlock", Reason: "only a locked production context can be unlocked",
			Next: "A read-only session stays read-only until it ends.",
		}
	}
	if err := CheckReason(reason); err != nil {
		return time.Time{}, &Problem{Kind: Invalid, Operation: "unlock", Reason: "the reason " + err.Error(), Next: "It is written into the audit file."}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	// By the wall clock: a machine that sleeps locks all the same.
	g.until, g.reason = time.Now().Round(0).Add(g.unlockFor), strings.TrimSpace(reason)
	return g.until, nil
}

// Lock locks a production session before its time.
func (g *Guard) Lock() {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = time.Time{}
}

// LastReason is what it was unlocked for the last time, also after the lock has
// closed: what was begun goes on then. It is "" when it never was.
func (g *Guard) LastReason() string {
	if g == nil {
		return ""
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.reason
}
