package operation

import (
	"context"
	"fmt"
	"slices"
	"strconv"
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

// explain fills in what a person reads.
func (d *Desk) explain(ctx context.Context, p *RunPlan, dead workflow.Queue) {
	n := len(p.Eligible)
	what := counted(n, "message")
	if p.Rest != nil {
		what = "all that match"
		if p.Filter == "" {
			what = "all dead letters"
		}
	}
	p.Title = strings.ToUpper(string(p.Do[:1])) + string(p.Do[1:]) + " " + what
	p.question(dead)
	fact := func(label, text string) { p.Facts = append(p.Facts, Fact{label, text}) }
	if p.Rest != nil {
		which := "every dead letter"
		if p.Filter != "" {
			which += fmt.Sprintf(" that matches %q", p.Filter)
		}
		fact("which", fmt.Sprintf("%s, also those not received yet, and what arrives meanwhile: at most %d now", which, dead.Total()))
		if dead.InFlight > 0 && p.Do == Delete {
			fact("in flight", fmt.Sprintf("%d now; what others hold stays", dead.InFlight))
		}
	}
	if to := p.targets(); to != "" {
		fact("to", to)
	}
	if len(p.LeftOut) > 0 {
		fact("left out", verdictsOf(p.LeftOut))
	}
	if open := countOf(p.Eligible, workflow.Readable); open > 0 && p.Do == Redrive {
		fact("not checked", fmt.Sprintf("%d: judged before sending, and left out unless safe", open))
	}
	if p.Do == Redrive {
		p.explainEdit(fact)
		fact("adds", d.adds(p))
		fact("consumer", d.consumerWord(ctx))
		then := "follows each order to its end; looks once among the dead letters for those that do not start"
		switch {
		case p.Canary == 1 && p.Threshold > 0:
			then = "the first message is followed to its end; the rest goes on only when it succeeded"
		case p.Canary > 0:
			then = fmt.Sprintf("the first %d are followed to their end; the rest goes on only when %.0f %% of them succeeded", p.Canary, p.Threshold*100)
		}
		fact("then", then)
	}
	fact("calls", p.calls(n))
	fact("takes", lasting(n, p.Rate)+" at "+strconv.Itoa(p.Rate)+" per second, longer where verdicts have to be looked up again")
	fact("journal", "the whole messages are saved before anything is sent or deleted")
}

// explainEdit shows the one body that is edited as it is and as it becomes, and
// how many of all edited ones our decoder rejects.
func (p *RunPlan) explainEdit(fact func(label, text string)) {
	bad, why := 0, ""
	for _, body := range p.Edits {
		if _, err := workflow.DecodeBody(body); err != nil {
			bad, why = bad+1, err.Error()
		}
	}
	if bad > 0 {
		p.Warning = strings.TrimSpace(fmt.Sprintf("%s Our decoder rejects %d of the edited bodies (%s): a consumer like ours fails again.", p.Warning, bad, why))
	}
	if len(p.Edits) > 0 && p.EditedBy != "" {
		fact("edited by", p.EditedBy)
	}
	if len(p.Edits) != 1 || len(p.Eligible) != 1 {
		return
	}
	letter := p.Eligible[0]
	fact(factWas, string(letter.Body))
	fact(factBecomes, string(p.Edits[letter.ID]))
}

// question sets what agreeing is called and what it takes.
func (p *RunPlan) question(dead workflow.Queue) {
	p.Verb, p.Risk = string(p.Do), Ask
	switch p.Do {
	case Redrive:
		p.Undo = "none once sent; the originals stay in the journal"
	case Delete:
		p.Undo = "restore sends them to the dead-letter queue again, under new ids and without their source"
		p.Risk, p.Type = TypeName, dead.Name
	case CopyTo:
		p.Undo = "none: the copies have to be deleted where they went"
	case Restore, Import: // have plans of their own
	}
	if consequence := p.consequence(); consequence != "" {
		p.Risk, p.Type, p.AskFor = TypeName, consequence, "type what may come of it"
		p.Warning = "Included although " + p.warned() + "."
	}
}

// consequence is what including a verdict may lead to; "" when none is included.
func (p *RunPlan) consequence() string {
	if p.Do != Redrive {
		return ""
	}
	switch {
	case slices.Contains(p.Include, workflow.Processed), slices.Contains(p.Include, workflow.Unchecked), slices.Contains(p.Include, workflow.Broken):
		return "second orders"
	case len(p.Include) > 0:
		return "fails again"
	}
	return ""
}

func (p *RunPlan) warned() string {
	var parts []string
	for _, v := range p.Include {
		if n := countOf(p.Eligible, v); n > 0 || p.Rest != nil {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", n, v, consequenceOf(v)))
		}
	}
	return strings.Join(parts, ", ")
}

func consequenceOf(v workflow.Verdict) string {
	switch v {
	case workflow.Malformed:
		return "fails again"
	case workflow.Processed, workflow.Unchecked:
		return "a second order, unless the consumer honours lineage"
	case workflow.Broken:
		return "payment may already be taken"
	case workflow.Bounced:
		return "came back before"
	case workflow.Safe, workflow.Readable:
	}
	return "not checked"
}

func (p *RunPlan) targets() string {
	var names []string
	for arn, url := range p.destinations {
		name := nameOf(url)
		switch {
		case p.To != "":
		case arn == "":
			name += " (for messages that tell no source)"
		default:
			name += " (where they came from)"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// adds says what the messages will carry that they did not.
func (d *Desk) adds(p *RunPlan) string {
	bare := 0
	for _, letter := range p.Eligible {
		if _, kept := d.outgoing(letter, p.Edits[letter.ID], p.Reason, ""); !kept {
			bare++
		}
	}
	text := "the lineage: order id, original id, redrives, operator"
	if p.Reason != "" {
		text += ", reason"
	}
	if len(p.Edits) > 0 {
		text += fmt.Sprintf("; a new order id for %d edited", len(p.Edits))
	}
	if bare > 0 {
		text += fmt.Sprintf("; left out of %d that have no room for it: those are new orders to the consumer", bare)
	}
	return text
}

func (d *Desk) consumerWord(ctx context.Context) string {
	if d.options.Consumer == nil {
		return "not checked whether it is enabled"
	}
	c, err := d.options.Consumer.Describe(ctx, d.orderQueue(ctx).ARN)
	switch {
	case err != nil:
		return "not checked whether it is enabled: " + reasonOf(err)
	case c.UUID == "":
		return "none is known by an event source; whether anything reads the queue was not checked"
	}
	return c.State
}

func (p *RunPlan) calls(n int) string {
	batches := (n + pageSize - 1) / pageSize
	var parts []string
	if p.Do.sends() {
		parts = append(parts, counted(batches, "send"))
	}
	if p.Do.deletes() {
		parts = append(parts, counted(batches, "delete"))
	}
	text := strings.Join(parts, " · ") + ", as many to renew leases"
	if p.Rest != nil {
		text += ", for each ten messages that match"
	}
	return text
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
