package workflow

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ProblemKind says what sort of failure a Problem is, so that code can act on it.
type ProblemKind int

// The kinds of problems.
const (
	// BrokenCall is any failure that is none of the others.
	BrokenCall ProblemKind = iota
	// Throttled: the API refused for now; ask again later.
	Throttled
	// Forbidden: the identity lacks an IAM permission.
	Forbidden
	// NotFound: the target does not exist.
	NotFound
	// Unauthenticated: no credentials, or they expired.
	Unauthenticated
	// Unreachable: no answer, and the call surely did not act.
	Unreachable
	// OutcomeUnknown: the answer was lost; the call may or may not have acted.
	OutcomeUnknown
	// Refused: our own guard or rule stopped the call before it was sent.
	Refused
	// Invalid: what was asked for is not acceptable as it stands.
	Invalid
	// OverBudget: the tool's own share of the API quota is used up for now.
	OverBudget
	// PartlyDone: some of what was asked for was done, and it is told what.
	PartlyDone
)

// Problem is a failure told so that a person can act: what failed, on what,
// why, and what to do next.
type Problem struct {
	Kind ProblemKind
	// Operation is the AWS action ("sqs:SendMessage") or the tool's own word ("read configuration").
	Operation string
	// Target is what the operation was about: an ARN, a URL, a file.
	Target string
	// Reason is the cause in words, without Go's error chain.
	Reason string
	// Next is what to do about it; "" when there is nothing to advise.
	Next string
	// RequestID is AWS's id of the failed request, "" when there is none.
	RequestID string
	// RetryAfter is how long to wait before the next try; 0 means not told.
	RetryAfter time.Duration
	// Err is the cause for errors.As and errors.Is; may be nil.
	Err error
}

// Error tells the problem in one line.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Operation)
	if p.Target != "" {
		fmt.Fprintf(&b, " on %s", p.Target)
	}
	fmt.Fprintf(&b, ": %s", p.Reason)
	if p.Next != "" {
		fmt.Fprintf(&b, ". %s", p.Next)
	}
	return b.String()
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// KindOf is the kind of the first Problem in err's chain, BrokenCall if there is none.
func KindOf(err error) ProblemKind {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p.Kind
	}
	return BrokenCall
}

// ProblemOf is the first Problem in err's chain; another error becomes a
// BrokenCall of operation on target. Nil stays nil.
func ProblemOf(err error, operation, target string) error {
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return &Problem{Kind: BrokenCall, Operation: operation, Target: target, Reason: err.Error(), Err: err}
}

// String is the kind in words.
func (k ProblemKind) String() string {
	switch k {
	case Throttled:
		return "throttled"
	case Forbidden:
		return "forbidden"
	case NotFound:
		return "not found"
	case Unauthenticated:
		return "not signed in"
	case Unreachable:
		return "unreachable"
	case OutcomeUnknown:
		return "outcome unknown"
	case Refused:
		return "refused"
	case Invalid:
		return "invalid"
	case OverBudget:
		return "over budget"
	case PartlyDone:
		return "partly done"
	default:
		return "failed"
	}
}
