package operation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// The verbs that put messages back among the dead letters. They are runs of the
// journal too, but nothing is received or deleted in them.
const (
	Restore Verb = "restore"
	Import  Verb = "import"
)

// restored is the outcome of a message that the dead-letter queue took.
const restored = "restored"

// RestorePlan is a plan that can be applied by Restore.
type RestorePlan struct {
	Plan

	// Do is Restore or Import, From the run or the file that the messages are from.
	Do   Verb
	From string
	// Rate is messages per second.
	Rate    int
	letters []journal.Letter
}

// Total is how many messages would be sent.
func (p *RestorePlan) Total() int { return len(p.letters) }

// Deletions are the runs that deleted dead letters, the newest first, whose
// messages the journal still has.
func (d *Desk) Deletions() ([]journal.State, error) {
	runs, err := d.History()
	var deletions []journal.State
	for _, s := range runs {
		if s.Head.Verb == string(Delete) {
			deletions = append(deletions, s)
		}
	}
	return deletions, err
}

// PlanRestore says what putting the messages that a run has deleted back among
// the dead letters would do.
func (d *Desk) PlanRestore(ctx context.Context, run string) (RestorePlan, error) {
	p := RestorePlan{Do: Restore, From: run, Rate: DefaultRate}
	dead, err := d.restorable(ctx, Restore)
	if err != nil {
		return p, err
	}
	deletions, err := d.Deletions()
	var state *journal.State
	for i := range deletions {
		if deletions[i].Head.ID == run {
			state = &deletions[i]
		}
	}
	if state == nil {
		return p, &workflow.Problem{
			Kind: workflow.NotFound, Operation: string(Restore), Target: run, Err: err,
			Reason: "the journal has no run of that name that deleted messages of this queue", Next: "Look at the runs in Activity.",
		}
	}
	letters, err := d.options.Journal.Letters(run, func(id workflow.MessageID) bool {
		item, ok := state.Item(id)
		return ok && item.Stage == journal.Removed // what may still be there is not sent again
	})
	if err != nil {
		return p, err
	}
	return p, d.planAgain(&p, dead, letters, nil)
}

// PlanImport says what sending the messages of a file to the dead-letter queue
// would do. Present are messages that are known to be there now.
func (d *Desk) PlanImport(ctx context.Context, file string, messages []workflow.Message, present []workflow.MessageID) (RestorePlan, error) {
	p := RestorePlan{Do: Import, From: file, Rate: DefaultRate}
	dead, err := d.restorable(ctx, Import)
	if err != nil {
		return p, err
	}
	letters := make([]journal.Letter, len(messages))
	for i, m := range messages {
		letters[i] = letterOf(workflow.DeadLetter{Message: m})
	}
	why := map[workflow.MessageID]string{}
	for _, id := range present {
		why[id] = "among the dead letters"
	}
	return p, d.planAgain(&p, dead, letters, why)
}

// restorable checks everything that must hold before messages are put back.
func (d *Desk) restorable(ctx context.Context, do Verb) (workflow.Queue, error) {
	url := d.deployment.DeadLetterURL
	if err := d.allow(string(do), url, "dead-letter queue"); err != nil {
		return workflow.Queue{}, err
	}
	refused := func(reason, next string) (workflow.Queue, error) {
		return workflow.Queue{}, &workflow.Problem{Kind: workflow.Refused, Operation: string(do), Target: url, Reason: reason, Next: next}
	}
	if d.options.Journal == nil {
		return refused("there is no journal to write down what was sent", "Make the folder of the state writable, or name another with XDG_STATE_HOME.")
	}
	dead, err := d.queue.Describe(ctx, url)
	switch {
	case err != nil:
		return dead, err
	case dead.FIFO:
		return refused("the dead-letter queue is a FIFO queue", "Send the messages with the AWS CLI, with a group each.")
	case url == d.deployment.QueueURL:
		return refused("this is the order queue: what is sent there is an order", "Name the dead-letter queue with --dlq-url.")
	}
	return dead, nil
}

// planAgain leaves out what was sent before, and fills in what a person reads.
func (d *Desk) planAgain(p *RestorePlan, dead workflow.Queue, letters []journal.Letter, why map[workflow.MessageID]string) error {
	before, err := d.sentBefore(p.Do, "")
	if err != nil {
		return err // an entry that can't be read may be about one of them
	}
	out, bare := map[string]int{}, 0
	for _, l := range letters {
		reason := before[l.ID]
		if reason == "" {
			reason = why[l.ID]
		}
		if reason != "" {
			out[reason]++
			continue
		}
		attributes, kept := tied(l)
		if !kept {
			bare++
		}
		l.NewAttributes, l.Send = attributes, true
		p.letters = append(p.letters, l)
	}
	if len(p.letters) == 0 {
		reason := "no message is there to be put back"
		if len(out) > 0 {
			reason += ": " + tally(out)
		}
		return &workflow.Problem{Kind: workflow.Invalid, Operation: string(p.Do), Target: p.From, Reason: reason, Next: "Choose another."}
	}
	p.describe(dead, out, bare)
	return nil
}

func (p *RestorePlan) describe(dead workflow.Queue, out map[string]int, bare int) {
	n := len(p.letters)
	p.Title, p.Verb, p.Risk = "Restore "+counted(n, "message"), string(p.Do), Ask
	p.Undo = "delete them again: they are archived again"
	from := "run"
	if p.Do == Import {
		p.Title, from = "Import "+counted(n, "message"), "file"
		p.Risk, p.Type = TypeName, dead.Name
		p.Warning = "What is still among the dead letters and was not received here, or was imported from another machine, would exist twice."
	}
	fact := func(label, text string) { p.Facts = append(p.Facts, Fact{label, text}) }
	fact("from", from+" "+p.From)
	fact("to", dead.Name+": it needs sqs:SendMessage there, which only the admin policy has")
	if len(out) > 0 {
		fact("left out", tally(out))
	}
	fact("ids", "every message gets a new id, and its time until deletion begins anew")
	fact("source", "none is on record any more: SQS's own move task can't move them, a redrive sends them to the order queue")
	adds := "the order id and the original message id as attributes, unless they are there; else body, attributes and trace header stay as they are"
	if bare > 0 {
		adds += fmt.Sprintf("; left out of %d that have no room: only this journal ties those to their orders", bare)
	}
	fact("adds", adds)
	fact("calls", counted((n+pageSize-1)/pageSize, "send"))
	fact("takes", lasting(n, p.Rate)+fmt.Sprintf(" at %d per second", p.Rate))
	fact("journal", "each message is put back at most once; one whose answer is lost may be there, and is not sent again")
}

func tally(counts map[string]int) string {
	var parts []string
	for _, why := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[why], why))
	}
	return strings.Join(parts, " · ")
}

// tied are a message's attributes with those that name its order and its first
// life, where there is room: under its new id it would be another order.
func tied(l journal.Letter) (map[string]workflow.Attribute, bool) {
	m := workflow.Message{ID: l.ID, Attributes: l.Attributes}
	next := m.Next("", "")
	attributes := maps.Clone(l.Attributes)
	if attributes == nil {
		attributes = map[string]workflow.Attribute{}
	}
	for name, value := range map[string]string{workflow.AttributeOrderID: string(next.OrderID), workflow.AttributeOriginalID: string(next.OriginalID)} {
		if _, there := attributes[name]; !there {
			attributes[name] = workflow.Attribute{DataType: "String", Text: value}
		}
	}
	if len(attributes) > mostAttributes || (workflow.Outgoing{Body: l.Body, Attributes: attributes}).Size() > mostBytes {
		return l.Attributes, false
	}
	return attributes, true
}

// sentBefore tells which messages are not to be sent again, and why, as the
// journal has it; run is left out.
func (d *Desk) sentBefore(do Verb, run string) (map[workflow.MessageID]string, error) {
	runs, err := d.History()
	if err != nil {
		return nil, err
	}
	before := map[workflow.MessageID]string{}
	for _, s := range runs {
		again := s.Head.Verb == string(Restore) || s.Head.Verb == string(Import)
		if s.Head.ID == run || !again && (do != Import || s.Head.Verb != string(Redrive)) {
			continue
		}
		if again && s.Ended.IsZero() && d.options.Journal.Busy(s.Head.ID) {
			for _, id := range s.Head.Chosen {
				before[id] = "being put back by another program"
			}
		}
		if again && s.Damaged > 0 { // what became of its messages can't be told
			for _, id := range s.Head.Chosen {
				before[id] = "may have been put back already"
			}
		}
		for _, item := range s.Items {
			switch {
			case item.Stage == journal.Refused:
			case !again:
				before[item.ID] = "redriven since"
			case item.Outcome == restored:
				before[item.ID] = "put back already"
			default:
				before[item.ID] = "may have been put back already"
			}
		}
	}
	return before, nil
}

// Restore applies a plan: it sends the messages to the dead-letter queue, each
// written down before. Told, unless it is nil, hears how many were dealt with.
// Cancelling ctx ends it after the batch that is under way; the rest can be put
// back later.
func (d *Desk) Restore(ctx context.Context, plan RestorePlan, told func(done int)) (Record, error) {
	at := wall()
	calls, end := d.under.begin(ctx)
	r := restoring{desk: d, plan: plan, told: told}
	err := r.run(ctx, calls)
	done := record(at, string(plan.Do), nameOf(d.deployment.DeadLetterURL), r.String(), err)
	end(done)
	return done, err
}

// restoring is a restore that is under way.
type restoring struct {
	desk *Desk
	plan RestorePlan
	told func(int)
	log  *journal.Run
	// taken were sent, refused were surely not, doubtful may have been.
	taken, refused, doubtful int
}

// String tells how far it came.
func (r *restoring) String() string {
	text := fmt.Sprintf("%d of %d put back", r.taken, len(r.plan.letters))
	if r.refused > 0 {
		text += fmt.Sprintf(", %d refused", r.refused)
	}
	if r.doubtful > 0 {
		text += fmt.Sprintf(", %d may be there: look before sending them again", r.doubtful)
	}
	return text
}

func (r *restoring) run(ctx, calls context.Context) error {
	d := r.desk
	if _, err := d.restorable(calls, r.plan.Do); err != nil {
		return err
	}
	head := journal.Head{
		Verb: string(r.plan.Do), Operator: d.options.Operator, To: d.deployment.DeadLetterURL, Total: len(r.plan.letters),
		Rate: r.plan.Rate, Filter: r.plan.From,
	}
	for _, l := range r.plan.letters {
		head.Chosen = append(head.Chosen, l.ID)
	}
	var err error
	if r.log, err = d.options.Journal.Begin(head); err != nil {
		return err
	}
	note := "done"
	if err = r.alone(); err == nil {
		err = r.sendAll(ctx, calls)
	}
	if err == nil && r.taken < len(r.plan.letters) {
		err = &workflow.Problem{
			Kind: workflow.PartlyDone, Operation: string(r.plan.Do), Target: d.deployment.DeadLetterURL, Reason: r.String(),
			Next: "Look in Activity which, and why.",
		}
	}
	if err != nil {
		note = "stopped: " + reasonOf(err)
	}
	return errors.Join(err, r.log.Append(journal.Entry{Kind: journal.End, Note: note}), r.log.Close())
}

// alone checks, with our own intent on the disk, that nobody puts the same
// messages back: of two that begin at once, neither goes on.
func (r *restoring) alone() error {
	before, err := r.desk.sentBefore(r.plan.Do, r.log.ID())
	if err != nil {
		return err
	}
	for _, l := range r.plan.letters {
		if why := before[l.ID]; why != "" {
			return &workflow.Problem{
				Kind: workflow.Refused, Operation: string(r.plan.Do), Target: string(l.ID), Reason: "since the plan was made it was dealt with: " + why,
				Next: "Nothing was sent. Plan it again.",
			}
		}
	}
	return nil
}

func (r *restoring) sendAll(ctx, calls context.Context) error {
	rest := r.plan.letters
	for first := true; len(rest) > 0; first = false {
		most := pageSize
		if first {
			most = 1 // it shows whether sending is allowed
		}
		n := fitting(rest, most)
		if err := r.goOn(ctx, calls, n, first); err != nil {
			return err
		}
		waits, err := r.send(calls, rest[:n])
		if err != nil {
			return err
		}
		if waits > 0 { // nothing was sent: the same ones again
			if err := pause(ctx, waits); err != nil {
				return r.stopped(err)
			}
			continue
		}
		rest = rest[n:]
		if r.told != nil {
			r.told(len(r.plan.letters) - len(rest))
		}
	}
	return nil
}

// goOn waits for the rate, and tells what stands in the way of the next batch.
func (r *restoring) goOn(ctx, calls context.Context, n int, first bool) error {
	if !first {
		if err := pause(ctx, time.Duration(n)*time.Second/time.Duration(r.plan.Rate)); err != nil {
			return r.stopped(err)
		}
	}
	switch {
	case ctx.Err() != nil:
		return r.stopped(ctx.Err())
	case calls.Err() != nil:
		return r.stopped(calls.Err())
	case r.desk.under.leaving():
		return r.stopped(context.Canceled)
	}
	return r.desk.options.Guard.Check(string(r.plan.Do), r.desk.deployment.DeadLetterURL)
}

func (r *restoring) stopped(err error) error {
	return &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: string(r.plan.Do), Target: r.desk.deployment.DeadLetterURL, Err: err, Reason: "it was cancelled; " + r.String(),
		Next: "Plan it again for the rest.",
	}
}

// fitting is how many of the letters, at most most, fit into one call.
func fitting(letters []journal.Letter, most int) int {
	size := 0
	for i, l := range letters {
		size += workflow.Outgoing{Body: l.Body, Attributes: l.NewAttributes}.Size()
		if i == most || i > 0 && size > mostBytes {
			return i
		}
	}
	return len(letters)
}

// sendWithin bounds one send.
const sendWithin = 10 * time.Second

// send writes a batch down, sends it, and writes down what came of it. waits is
// for how long to wait before it is sent again, because it surely was not.
func (r *restoring) send(ctx context.Context, letters []journal.Letter) (waits time.Duration, err error) {
	if err := r.log.Append(journal.Entry{Kind: journal.Intent, Letters: letters}); err != nil {
		return 0, err
	}
	messages := make([]workflow.Outgoing, len(letters))
	for i, l := range letters {
		messages[i] = workflow.Outgoing{Body: l.Body, Attributes: l.NewAttributes, TraceHeader: l.TraceHeader}
	}
	sending, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	results, err := r.desk.queue.SendBatch(sending, r.desk.deployment.DeadLetterURL, messages)
	sent, settled := journal.Entry{Kind: journal.Sent}, journal.Entry{Kind: journal.Settled}
	again := err != nil && passing(err)
	for i, l := range letters {
		result := journal.Result{ID: l.ID}
		switch {
		case err != nil:
			result.Why, result.Doubtful = reasonOf(err), workflow.KindOf(err) == workflow.OutcomeUnknown
		case results[i].Why != "":
			result.Why, result.Doubtful = results[i].Why, results[i].Doubtful
		default:
			result.NewID, result.Outcome = results[i].MessageID, restored
			r.desk.lives.add(result.NewID, l.ID, l.OrderID, false)
		}
		switch {
		case result.NewID != "":
			r.taken++
		case result.Doubtful:
			r.doubtful++
		case !again:
			r.refused++
		}
		if result.NewID != "" || result.Doubtful {
			settled.Results = append(settled.Results, result)
			continue
		}
		sent.Results = append(sent.Results, result)
	}
	for _, entry := range []journal.Entry{sent, settled} {
		if len(entry.Results) > 0 {
			if err := r.log.Append(entry); err != nil {
				return 0, err
			}
		}
	}
	if again {
		return max(tryAgain, pauseOf(err)), nil
	}
	if r.doubtful > 0 && workflow.KindOf(err) == workflow.OutcomeUnknown {
		err = unsure(err, "sqs:SendMessage", r.desk.deployment.DeadLetterURL,
			"Inspect the dead letters: what arrived has the attribute "+workflow.AttributeOriginalID+". It is not sent again; the rest can be put back.")
	}
	return 0, err
}
