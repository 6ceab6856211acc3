package action

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// Headline tells an error in one line: what failed, and why.
func Headline(err error) string {
	p, ok := errors.AsType[*workflow.Problem](err)
	if !ok {
		if errors.Is(err, context.DeadlineExceeded) {
			return "no answer in time"
		}
		return err.Error()
	}
	if p.Target == "" {
		return fmt.Sprintf("%s: %s", p.Operation, p.Reason)
	}
	return fmt.Sprintf("%s %s: %s", p.Operation, ShortName(p.Target), p.Reason)
}

// ShortName is the last part of an ARN or a URL, which is what people call it.
func ShortName(target string) string {
	if at := strings.LastIndexAny(target, ":/"); at >= 0 && at+1 < len(target) {
		return target[at+1:]
	}
	return target
}

// Story tells an error in full, a line per fact.
func Story(err error) string {
	p, ok := errors.AsType[*workflow.Problem](err)
	if !ok {
		return Headline(err)
	}
	lines := []string{"what   " + p.Operation}
	if p.Target != "" {
		lines = append(lines, "on     "+p.Target)
	}
	lines = append(lines, "why    "+p.Reason)
	if p.Next != "" {
		lines = append(lines, "next   "+p.Next)
	}
	if p.RequestID != "" {
		lines = append(lines, "request "+p.RequestID)
	}
	return strings.Join(lines, "\n")
}

// Empty is what a list says in place of rows: loading, none, failing and
// forbidden are four different texts. none is said when the feed is current.
func (w *World) Empty(feed monitor.Feed, none ...string) []string {
	freshness := w.Store.Freshness(feed)
	switch freshness.Condition() {
	case monitor.Loading:
		if w.Desk == nil {
			return []string{"connecting …"}
		}
		return []string{"loading …"}
	case monitor.Failing, monitor.NoPermission:
		return ProblemLines(freshness.Err)
	case monitor.Current, monitor.Stale:
	}
	return none
}

// ProblemLines tells an error where a list or a text would stand: what failed and
// why, and what to do.
func ProblemLines(err error) []string {
	lines := []string{Headline(err)}
	if p, ok := errors.AsType[*workflow.Problem](err); ok && p.Next != "" {
		lines = append(lines, p.Next)
	}
	return lines
}

// Note says what keeps a feed from being fresh; "" when nothing does.
func (w *World) Note(feed monitor.Feed) string {
	freshness := w.Store.Freshness(feed)
	switch freshness.Condition() {
	case monitor.Stale:
		return fmt.Sprintf("stale since %s: %s", freshness.ReadAt.Local().Format(time.TimeOnly), reason(freshness.Err))
	case monitor.NoPermission:
		return "no permission" + needed(freshness.Err)
	case monitor.Failing:
		return "not answered: " + reason(freshness.Err)
	case monitor.Loading, monitor.Current:
	}
	return ""
}

// needed names the IAM action and the resource that a permission is missing for.
func needed(err error) string {
	p, ok := errors.AsType[*workflow.Problem](err)
	if !ok {
		return ""
	}
	if p.Target == "" {
		return " for " + p.Operation
	}
	return fmt.Sprintf(" for %s (on %s)", p.Operation, ShortName(p.Target))
}

func reason(err error) string {
	if p, ok := errors.AsType[*workflow.Problem](err); ok {
		return p.Kind.String() + " (" + p.Operation + ")"
	}
	return Headline(err)
}

// behind is from when on it is said how old the positions of executions are.
const behind = 10 * time.Second

// PositionNote says how far the states of running executions can be trusted; ""
// when they are of now.
func (w *World) PositionNote() string {
	positions := w.Store.Positions(w.Now)
	if positions.Why != "" {
		return "only rows in view are located: " + positions.Why
	}
	if age := w.Now.Sub(positions.AsOf); !positions.AsOf.IsZero() && age > behind {
		return fmt.Sprintf("positions as of %d s ago", int(age.Seconds()))
	}
	return ""
}
