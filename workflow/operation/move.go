package operation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"orderops/workflow"
)

// The rate of a redrive in messages per second (SQS StartMessageMoveTask).
const (
	LeastRate   = 1
	DefaultRate = 10
	MostRate    = 500
)

const redriveAllTitle = "Redrive all dead letters"

// MovePlan is a plan that can be applied by RedriveAll.
type MovePlan struct {
	Plan

	// Rate is messages per second.
	Rate int
	// To is the URL of the queue that all messages go to; "" is where each came from.
	To string
}

// PlanRedriveAll reads the queues and says what moving every dead letter back,
// or to another queue, would do. Known are the dead letters that were inspected.
func (d *Desk) PlanRedriveAll(ctx context.Context, known []workflow.DeadLetter, rate int, to string) (MovePlan, error) {
	p := MovePlan{Rate: rate, To: to}
	dead, destination, err := d.movable(ctx, p)
	if err != nil {
		return p, err
	}
	sources, err := d.sources(ctx)
	if err != nil {
		return p, err
	}
	most := dead.Total()
	p.Plan = Plan{
		Title: redriveAllTitle,
		Facts: []Fact{
			{"messages", atMost(dead)},
			{"to", "the queues they came from: " + strings.Join(sources, ", ")},
			{"takes", lasting(most, rate) + " at " + strconv.Itoa(rate) + " per second"},
			{"ids", "every message gets a new id: consumers that ignore lineage see new orders"},
		},
		Risk: TypeName, Type: dead.Name, Verb: "redrive all",
		Undo: "none: cancelling stops the rest, what was moved stays moved",
	}
	if to != "" {
		p.Title = "Move all dead letters to another queue"
		p.Facts[1].Text, p.Facts[3].Text = destination.Name+", wherever they came from", "every message gets a new id"
	}
	if d.deployment.QueueURL != "" {
		order, err := d.queue.Describe(ctx, d.deployment.QueueURL)
		if err != nil {
			return p, err
		}
		p.Facts = append(p.Facts, Fact{order.Name + " now", fmt.Sprintf("%d waiting, %d in flight", order.Visible, order.InFlight)})
	}
	p.Facts = append(p.Facts, Fact{"verdicts", verdicts(known, most)})
	p.Warning = d.sentAlready() + warning(known, to != "")
	return p, nil
}

// sentAlready warns of dead letters that a run which broke off has sent, or may
// have sent: SQS would send them once more. "" when there are none.
func (d *Desk) sentAlready() string {
	n, of := 0, ""
	open, _ := d.Unfinished() // of what can't be read it is not known
	for i := range open {
		if s := &open[i]; Verb(s.Head.Verb) == Redrive && len(s.Unfinished()) > 0 {
			n, of = n+len(s.Unfinished()), s.Head.ID
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s may become second orders: a redrive that broke off has sent them, or may have. Finish or verify it first: orderops dlq finish --verify %s. ",
		counted(n, "message"), of)
}

// sources are the names of the queues that SQS moves messages back to.
func (d *Desk) sources(ctx context.Context) ([]string, error) {
	urls, err := d.queue.DeadLetterSources(ctx, d.deployment.DeadLetterURL)
	if err != nil {
		return nil, err
	}
	if len(urls) == 0 {
		return nil, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "sqs:StartMessageMoveTask", Target: d.deployment.DeadLetterURL,
			Reason: "no queue names this one as its dead-letter queue, and SQS moves messages from dead-letter queues only",
			Next:   "Check the redrive policy of the order queue.",
		}
	}
	names := make([]string, len(urls))
	for i, url := range urls {
		names[i] = nameOf(url)
	}
	return names, nil
}

// lasting is about how long a move takes.
func lasting(messages, rate int) string {
	seconds := (messages + rate - 1) / rate
	return "about " + inWords(time.Duration(max(1, seconds))*time.Second)
}

// verdicts says what is known of the messages that would be moved.
func verdicts(known []workflow.DeadLetter, most int) string {
	counts := byVerdict(known)
	var parts []string
	for _, v := range []workflow.Verdict{
		workflow.Safe, workflow.Processed, workflow.Broken, workflow.Malformed, workflow.Bounced, workflow.Unchecked, workflow.Readable,
	} {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	text := fmt.Sprintf("%d inspected", len(known))
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if rest := most - len(known); rest > 0 {
		text += fmt.Sprintf("; of %d nothing is known", rest)
	}
	return text
}

func warning(known []workflow.DeadLetter, elsewhere bool) string {
	counts, homeless := byVerdict(known), 0
	for _, k := range known {
		if k.SourceARN == "" {
			homeless++
		}
	}
	if elsewhere {
		return "Everything is moved, whatever its verdict; nothing ties the messages to their orders any more but their bodies."
	}
	sentences := []string{"Everything is replayed, whatever its verdict."}
	for _, w := range []struct {
		n    int
		what string
	}{
		{counts[workflow.Processed], " whose order was already processed may become a second order."},
		{counts[workflow.Broken], " whose execution failed may become a second order: redrive the execution instead."},
		{counts[workflow.Malformed], " that our decoder rejects will fail again and come back."},
		{counts[workflow.Bounced], " came back before and may do so again."},
		{homeless, " with no source queue on record: SQS has nowhere to move them to."},
	} {
		if w.n > 0 {
			sentences = append(sentences, counted(w.n, "message")+w.what)
		}
	}
	return strings.Join(sentences, " ")
}

func byVerdict(known []workflow.DeadLetter) map[workflow.Verdict]int {
	counts := map[workflow.Verdict]int{}
	for _, k := range known {
		counts[k.Verdict]++
	}
	return counts
}

// movable checks everything that must hold before a move task starts.
func (d *Desk) movable(ctx context.Context, p MovePlan) (dead, to workflow.Queue, err error) {
	url := d.deployment.DeadLetterURL
	if err := d.allow("redrive all", url, "dead-letter queue"); err != nil {
		return dead, to, err
	}
	refused := func(kind workflow.ProblemKind, reason, next string) (workflow.Queue, workflow.Queue, error) {
		return workflow.Queue{}, workflow.Queue{}, &workflow.Problem{Kind: kind, Operation: "redrive all", Target: url, Reason: reason, Next: next}
	}
	if err := d.unoccupied("redrive all"); err != nil {
		return dead, to, err
	}
	if p.Rate < LeastRate || p.Rate > MostRate {
		return refused(workflow.Invalid, fmt.Sprintf("a rate of %d per second is outside of %d to %d", p.Rate, LeastRate, MostRate), "Choose another rate.")
	}
	if dead, err = d.queue.Describe(ctx, url); err != nil {
		return dead, to, err
	}
	if p.To != "" {
		if to, err = d.queue.Describe(ctx, p.To); err != nil {
			return dead, to, err
		}
	}
	switch {
	case dead.FIFO:
		return refused(workflow.Refused, "the dead-letter queue is a FIFO queue: what is moved would come out of order among its group",
			"Move it with the AWS console, if the order does not matter.")
	case to.FIFO:
		return refused(workflow.Refused, to.Name+" is a FIFO queue, and SQS moves messages between queues of one kind only", "Choose another queue.")
	case to.ARN != "" && to.ARN == dead.ARN:
		return refused(workflow.Refused, to.Name+" is the dead-letter queue itself", "Choose another queue.")
	}
	switch moving, err := d.moving(ctx, dead); {
	case err != nil:
		return dead, to, err
	case moving:
		return refused(workflow.Refused, "a move task of this queue is running; SQS allows one at a time", "Wait for it, or cancel it.")
	}
	if p.To == "" || p.To == d.deployment.QueueURL {
		return dead, to, d.consumed(ctx, "redrive all")
	}
	return dead, to, nil
}

// moving tells that a move task of the queue runs, or is being cancelled.
func (d *Desk) moving(ctx context.Context, dead workflow.Queue) (bool, error) {
	tasks, err := d.queue.Moves(ctx, dead.ARN)
	return slices.ContainsFunc(tasks, func(t workflow.MoveTask) bool { return !t.Status.Ended() }), err
}

// RedriveAll gives the leases of the inspection back (nil: there is none) and
// starts the move task that was planned.
func (d *Desk) RedriveAll(ctx context.Context, p MovePlan, inspection *Inspection) (handle string, done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, cmp.Or(p.Title, redriveAllTitle)))
	defer func() { end(done) }()
	at := wall()
	handle, err = d.redriveAll(ctx, p, inspection)
	detail := ""
	if err == nil {
		detail = fmt.Sprintf("move task started at %d per second", p.Rate)
		if p.To != "" {
			detail += " to " + nameOf(p.To)
		}
	}
	return handle, record(at, "redrive all", nameOf(d.deployment.DeadLetterURL), detail, err), err
}

func (d *Desk) redriveAll(ctx context.Context, p MovePlan, inspection *Inspection) (string, error) {
	dead, to, err := d.movable(ctx, p)
	if err != nil {
		return "", err
	}
	if inspection != nil {
		// What is hidden by us would be left out of the move.
		if _, err := inspection.Release(ctx); err != nil {
			return "", &workflow.Problem{
				Kind: workflow.Refused, Operation: "redrive all", Target: d.deployment.DeadLetterURL, Err: err,
				Reason: "not every inspected message could be given back, and a move task leaves hidden messages out",
				Next:   "Try again in " + inWords(Lease) + ": they come back by themselves.",
			}
		}
	}
	handle, err := d.queue.StartMove(ctx, dead.ARN, to.ARN, p.Rate)
	if workflow.KindOf(err) == workflow.OutcomeUnknown {
		return "", unsure(err, "sqs:StartMessageMoveTask", d.deployment.DeadLetterURL, "Look at the move tasks: it is there if it was started.")
	}
	return handle, err
}

// PlanCancelMove says what cancelling a move task would do.
func (d *Desk) PlanCancelMove(task workflow.MoveTask) Plan {
	progress := strconv.FormatInt(task.Moved, 10) + " moved"
	if task.ToMove > 0 {
		progress += " of " + strconv.FormatInt(task.ToMove, 10)
	}
	return Plan{
		Title: "Cancel the move task",
		Facts: []Fact{
			{"from", nameOf(task.SourceARN)},
			{"so far", progress},
			{"then", "SQS goes on for a moment: some more messages may be moved"},
		},
		Risk: Ask, Verb: "cancel the task",
		Undo: "what was moved stays moved; a new redrive moves the rest",
	}
}

// CancelMove asks SQS to stop a move task; moved is what it had moved by then.
func (d *Desk) CancelMove(ctx context.Context, task workflow.MoveTask) (moved int64, done Record, err error) {
	ctx, end := d.under.begin(workflow.WithPlan(ctx, d.PlanCancelMove(task).Title))
	defer func() { end(done) }()
	at := wall()
	moved, err = d.cancelMove(ctx, task)
	detail := ""
	if err == nil {
		detail = strconv.FormatInt(moved, 10) + " moved by then"
	}
	return moved, record(at, "cancel move", nameOf(task.SourceARN), detail, err), err
}

func (d *Desk) cancelMove(ctx context.Context, task workflow.MoveTask) (int64, error) {
	if err := d.allow("cancel move", task.SourceARN, "dead-letter queue"); err != nil {
		return 0, err
	}
	if task.Handle == "" || task.Status.Ended() {
		return 0, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "cancel move", Target: task.SourceARN,
			Reason: "the task does not run any more",
			Next:   "Look at what it moved; a new redrive moves the rest.",
		}
	}
	moved, err := d.queue.CancelMove(ctx, task.Handle)
	if workflow.KindOf(err) == workflow.OutcomeUnknown {
		return 0, unsure(err, "sqs:CancelMessageMoveTask", task.SourceARN, "Look at the task's status; cancelling twice does no harm.")
	}
	return moved, err
}

// unsure is a lost answer with the way to find out.
func unsure(err error, operation, target, next string) error {
	problem := &workflow.Problem{
		Kind: workflow.OutcomeUnknown, Operation: operation, Target: target, Err: err,
		Reason: "the answer was lost: it may or may not have happened", Next: next,
	}
	if cause, ok := errors.AsType[*workflow.Problem](err); ok {
		problem.RequestID = cause.RequestID
	}
	return problem
}

// pauseOf is how long to wait before trying again.
func pauseOf(err error) time.Duration {
	if problem, ok := errors.AsType[*workflow.Problem](err); ok && problem.RetryAfter > 0 {
		return problem.RetryAfter
	}
	return tryAgain
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
