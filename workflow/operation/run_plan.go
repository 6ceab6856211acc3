package operation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"orderops/workflow"
)

// Verb is what a run does with dead letters.
type Verb string

// The verbs. Each writes the whole messages into the journal first.
const (
	// Redrive sends them on, then deletes the dead letters.
	Redrive Verb = "redrive"
	// Delete deletes them; the journal is their archive.
	Delete Verb = "delete"
	// CopyTo sends a copy to another queue and leaves the dead letters alone.
	CopyTo Verb = "copy"
)

func (v Verb) sends() bool   { return v == Redrive || v == CopyTo }
func (v Verb) deletes() bool { return v == Redrive || v == Delete }

// Consumer tells who reads a queue, and whether they do now.
type Consumer interface {
	Describe(ctx context.Context, queueARN string) (workflow.Consumer, error)
}

// Selection is what a run is about.
type Selection struct {
	Do Verb
	// Letters were chosen by hand, as they were last judged.
	Letters []workflow.DeadLetter
	// Rest, when set, also takes every dead letter that it accepts and that was
	// not received yet; Filter says in words which. RestJudged tells that Rest asks
	// for the verdict: what comes is then judged before Rest is asked for good.
	Rest       func(letter workflow.DeadLetter) bool
	RestJudged bool
	Filter     string
	// Include are verdicts that are not left out, beside Safe.
	Include []workflow.Verdict
	// Edits are bodies to send in place of the originals. An edited message gets
	// a new order id.
	Edits map[workflow.MessageID][]byte
	// EditedBy says in words what made those bodies, such as a jq expression; "" is
	// not known.
	EditedBy string
	// To is the URL of another queue than the one a message came from; "" is that one.
	To     string
	Rate   int
	Reason string
	// Canary is how many messages are redriven and followed to their end first;
	// 0 means none. Less than Threshold of them succeeding, from 0 to 1, stops the rest.
	Canary    int
	Threshold float64
}

// RunPlan is a plan that can be applied by Start.
type RunPlan struct {
	Plan
	Selection
	// Eligible are the chosen letters that would be dealt with, LeftOut the others.
	Eligible []workflow.DeadLetter
	LeftOut  []workflow.DeadLetter
	// destinations are queue URLs by the ARN that a letter came from; "" is for
	// letters that tell no source.
	destinations map[string]string
}

// accepts tells whether a letter is dealt with. A deletion or a copy makes no
// order, so that no verdict stands in its way. An edited body may mend what
// failed, but not what was done already.
func (s *Selection) accepts(letter workflow.DeadLetter) bool {
	switch v := letter.Verdict; {
	case s.Do != Redrive, v == workflow.Safe, slices.Contains(s.Include, v):
		return true
	default:
		return s.Edits[letter.ID] != nil && (v == workflow.Malformed || v == workflow.Broken || v == workflow.Bounced)
	}
}

// mayBe tells whether a letter that was just received may be one of the rest.
func (s *Selection) mayBe(letter workflow.DeadLetter) bool {
	return s.Rest(letter) || s.RestJudged && letter.Verdict == workflow.Readable
}

// PlanRun says what a run over dead letters would do.
func (d *Desk) PlanRun(ctx context.Context, s Selection) (RunPlan, error) {
	if s.Rate == 0 {
		s.Rate = DefaultRate
	}
	p := RunPlan{Selection: s}
	dead, err := d.runnable(ctx, s)
	if err != nil {
		return p, err
	}
	for _, letter := range s.Letters {
		// What was not judged yet is judged before it is sent.
		if s.accepts(letter) || letter.Verdict == workflow.Readable {
			p.Eligible = append(p.Eligible, letter)
			continue
		}
		p.LeftOut = append(p.LeftOut, letter)
	}
	if len(p.Eligible) == 0 && s.Rest == nil {
		return p, &workflow.Problem{
			Kind: workflow.Invalid, Operation: string(s.Do), Target: d.deployment.DeadLetterURL,
			Reason: "of the chosen messages none can be dealt with: " + verdictsOf(p.LeftOut),
			Next:   "Choose others, or include those verdicts.",
		}
	}
	if s.Do.sends() {
		if p.destinations, err = d.destinations(ctx, p.Eligible, s); err != nil {
			return p, err
		}
	}
	d.explain(ctx, &p, dead)
	return p, nil
}

// runnable checks everything that must hold before a run starts.
func (d *Desk) runnable(ctx context.Context, s Selection) (workflow.Queue, error) {
	url, verb := d.deployment.DeadLetterURL, string(s.Do)
	var none workflow.Queue
	if err := d.allow(verb, url, "dead-letter queue"); err != nil {
		return none, err
	}
	refused := func(reason, next string) (workflow.Queue, error) {
		return none, &workflow.Problem{Kind: workflow.Refused, Operation: verb, Target: url, Reason: reason, Next: next}
	}
	if d.options.Journal == nil {
		return refused("there is no journal to save the messages in first", "Make the folder of the state writable, or name another with XDG_STATE_HOME.")
	}
	if s.Rate < LeastRate || s.Rate > MostRunRate {
		return refused(fmt.Sprintf("a rate of %d per second is outside of %d to %d", s.Rate, LeastRate, MostRunRate), "Choose another rate.")
	}
	for _, body := range s.Edits {
		if len(body) == 0 || len(body) > mostBytes {
			return refused(fmt.Sprintf("an edited body has %d bytes; SQS takes 1 to %d", len(body), mostBytes), "Edit it again.")
		}
	}
	dead, err := d.inspectable(ctx, verb)
	if err != nil {
		return none, err
	}
	switch moving, err := d.moving(ctx, dead); {
	case err != nil:
		return none, err
	case moving:
		return refused("a move task of this queue is running and takes the same messages", "Wait for it, or cancel it.")
	}
	if s.Do == Redrive && (s.To == "" || s.To == d.deployment.QueueURL) {
		if err := d.consumed(ctx, verb); err != nil {
			return none, err
		}
	}
	return dead, nil
}

// consumed refuses to send to an order queue that nobody reads. Where it can't
// be read whether somebody does, the plan says so.
func (d *Desk) consumed(ctx context.Context, operation string) error {
	if d.options.Consumer == nil {
		return nil
	}
	c, err := d.options.Consumer.Describe(ctx, d.orderQueue(ctx).ARN)
	if err != nil || c.UUID == "" || c.Reads() {
		return nil //nolint:nilerr // what can't be read forbids nothing
	}
	return &workflow.Problem{
		Kind: workflow.Refused, Operation: operation, Target: d.deployment.DeadLetterURL,
		Reason: "the consumer's event source is " + c.State + ": what is sent would lie on the order queue until it is deleted",
		Next:   "Resume the consumer first.",
	}
}

// destinations finds the queue that each letter came from.
func (d *Desk) destinations(ctx context.Context, letters []workflow.DeadLetter, s Selection) (map[string]string, error) {
	urls := map[string]string{}
	for _, letter := range letters {
		if _, known := urls[letter.SourceARN]; known {
			continue
		}
		url, err := d.destination(ctx, letter.SourceARN, s)
		if err != nil {
			return nil, err
		}
		urls[letter.SourceARN] = url
	}
	return urls, nil
}

func (d *Desk) destination(ctx context.Context, arn string, s Selection) (string, error) {
	url := s.To
	switch {
	case url != "":
	case arn == "" || nameOf(arn) == nameOf(d.deployment.QueueURL):
		url = d.deployment.QueueURL
	default:
		found, err := d.queue.URL(ctx, arn)
		if err != nil {
			return "", err
		}
		url = found
	}
	if url == "" {
		return "", &workflow.Problem{
			Kind: workflow.Invalid, Operation: string(s.Do), Reason: "a message tells no source queue, and no order queue is known",
			Next: "Name it with --queue-url.",
		}
	}
	to, err := d.queue.Describe(ctx, url)
	if err != nil {
		return "", err
	}
	if s.Do == CopyTo && (url == d.deployment.QueueURL || to.ARN == d.orderQueue(ctx).ARN) {
		return "", &workflow.Problem{
			Kind: workflow.Refused, Operation: string(s.Do), Target: url, Reason: "a copy on the order queue is an order, and the dead letter would stay beside it",
			Next: "Redrive the messages instead.",
		}
	}
	if to.FIFO || url == d.deployment.DeadLetterURL {
		return "", &workflow.Problem{
			Kind: workflow.Refused, Operation: string(s.Do), Target: url, Reason: "messages can't be sent to a FIFO queue, nor back to the dead-letter queue",
			Next: "Choose another queue.",
		}
	}
	return url, nil
}

// FindQueue is the URL of a queue that is named by its URL, its ARN, or its name
// beside the dead-letter queue.
func (d *Desk) FindQueue(ctx context.Context, text string) (string, error) {
	switch {
	case strings.HasPrefix(text, "https://"), strings.HasPrefix(text, "http://"):
		return text, nil
	case strings.HasPrefix(text, "arn:"):
		return d.queue.URL(ctx, text)
	}
	dead, err := d.queue.Describe(ctx, d.deployment.DeadLetterURL)
	if err != nil {
		return "", err
	}
	return d.queue.URL(ctx, dead.ARN[:strings.LastIndexByte(dead.ARN, ':')+1]+text)
}

func countOf(letters []workflow.DeadLetter, v workflow.Verdict) int {
	n := 0
	for _, letter := range letters {
		if letter.Verdict == v {
			n++
		}
	}
	return n
}

func verdictsOf(letters []workflow.DeadLetter) string {
	counts := map[workflow.Verdict]int{}
	for _, letter := range letters {
		counts[letter.Verdict]++
	}
	return workflow.VerdictCounts(counts)
}

// MostRunRate is the highest rate of a run, in messages per second. SQS limits
// the rate of a move task only.
const MostRunRate = 3000

// recheckAfter is how old a verdict may be when its message is sent.
const recheckAfter = 30 * time.Second
