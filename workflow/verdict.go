package workflow

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Verdict is what we predict a dead letter would do if it were redriven.
type Verdict string

// The verdicts.
const (
	// Readable: our decoder accepts the body; nothing else was looked at.
	Readable Verdict = "readable"
	// Malformed: our decoder rejects the body. The consumer of another
	// deployment may differ.
	Malformed Verdict = "malformed"
	// Safe: no execution with any of its ids was found.
	Safe Verdict = "safe"
	// Processed: an execution with one of its ids runs or succeeded.
	Processed Verdict = "already processed"
	// Broken: its execution failed, timed out or was aborted.
	Broken Verdict = "execution failed"
	// Bounced: it was redriven before and came back without an execution.
	Bounced Verdict = "bounced"
	// Unchecked: whether it was processed could not be looked up.
	Unchecked Verdict = "unknown"
)

// VerdictCounts tells how many letters have which verdict: "2 safe · 1 malformed".
func VerdictCounts(counts map[Verdict]int) string {
	var parts []string
	for _, v := range []Verdict{Safe, Malformed, Processed, Broken, Bounced, Unchecked, Readable} {
		if n := counts[v]; n > 0 {
			word := string(v)
			if v == Readable {
				word = "not checked"
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	return strings.Join(parts, " · ")
}

// Evidence is what was found of the order that a dead letter stands for.
type Evidence struct {
	// At is when it was looked for.
	At time.Time
	// Row is the row of the order, nil when there is none.
	Row *Row
	// Executions are those that exist under one of the letter's ids.
	Executions []Execution
	// Redrives is how often our own journal knows the letter to have been redriven.
	Redrives int
	// Missing says why not everything could be looked at; "" means that it was.
	Missing string
}

// Ids are the names under which the order of a dead letter may have been
// worked on: its lineage's, its own, and the others, those that our journal
// knows. What can't name an execution is left out.
func (d DeadLetter) Ids(others ...OrderID) []OrderID {
	l := d.Lineage()
	var ids []OrderID
	seen := map[OrderID]bool{}
	for _, id := range append([]OrderID{d.OrderID(), OrderID(d.ID), l.OrderID, OrderID(l.OriginalID)}, others...) {
		if !seen[id] && CheckOrderID(id) == nil {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// Weigh gives the letter the verdict that the evidence leads to. A malformed
// letter stays malformed. What exists decides over what is missing.
func (d DeadLetter) Weigh(e Evidence) DeadLetter {
	if d.Problem != nil {
		return d
	}
	d.CheckedAt, d.Execution, d.Row = e.At, nil, e.Row
	if e.Row != nil && e.Row.Status == Success {
		d.Verdict, d.Why = Processed, "the row of order "+string(e.Row.ID)+" is SUCCESS"
		return d
	}
	for i, x := range e.Executions {
		if !x.Status.Broken() {
			d.Verdict, d.Execution = Processed, &e.Executions[i]
			d.Why = "execution " + x.Name + " is " + string(x.Status)
			return d
		}
	}
	redrives := max(d.Lineage().Redrives, e.Redrives)
	switch {
	case e.Missing != "":
		d.Verdict, d.Why = Unchecked, e.Missing
	case len(e.Executions) > 0:
		d.Verdict, d.Execution = Broken, &e.Executions[0]
		d.Why = "execution " + e.Executions[0].Name + " is " + string(e.Executions[0].Status)
	case e.Row != nil: // somebody worked on it, under a name that we don't know
		d.Verdict = Unchecked
		d.Why = "its row is " + string(e.Row.Status) + ", but no execution has any of its ids"
	case redrives > 0:
		d.Verdict, d.Why = Bounced, fmt.Sprintf("it was redriven %d× and came back; no execution has any of its ids", redrives)
	default:
		d.Verdict, d.Why = Safe, "no execution has any of its ids"
	}
	return d
}

// Cause is what stands in the way of the letter, in short; "" when nothing does.
func (d DeadLetter) Cause() string {
	switch {
	case d.Problem != nil:
		return d.Problem.Error()
	case d.Verdict == Processed && d.Execution == nil && d.Row != nil:
		return "row " + string(d.Row.Status)
	case d.Execution != nil && d.Execution.Error != "":
		return d.Execution.Error
	case d.Execution != nil:
		return "execution " + string(d.Execution.Status)
	case d.Verdict == Bounced, d.Verdict == Unchecked:
		return d.Why
	}
	return ""
}

// NormalCause is a cause without what differs from message to message, so that
// causes of one kind are equal: numbers, ids and quoted values become …. It holds
// no quotes, so that a filter can name it.
func NormalCause(cause string) string {
	var b strings.Builder
	for i, part := range strings.Split(cause, `"`) {
		if i%2 == 1 { // inside of quotes
			b.WriteString("…")
			continue
		}
		words := strings.Split(part, " ")
		for j, word := range words {
			bare := strings.TrimFunc(word, unicode.IsPunct)
			if strings.ContainsFunc(bare, unicode.IsDigit) {
				words[j] = strings.Replace(word, bare, "…", 1)
			}
		}
		b.WriteString(strings.Join(words, " "))
	}
	return b.String()
}
