package operation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	// Rate is messages per second, as many as a run may send.
	Rate    int
	letters []journal.Letter
	// left are the messages that are left out, and out how many by which reason;
	// bare are those without room for the ids.
	left map[workflow.MessageID]string
	out  map[string]int
	bare int
	// unsure are messages that were gone after a deletion without an answer.
	unsure map[workflow.MessageID]bool
	dead   workflow.Queue
}

// At is the plan at another rate.
func (p RestorePlan) At(rate int) RestorePlan {
	p.Rate = rate
	p.describe()
	return p
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
			Reason: "the journal has no run of that name that deleted messages of this queue", Next: "orderops dlq journal lists the runs, and so does Activity.",
		}
	}
	p.unsure = map[workflow.MessageID]bool{}
	letters, err := d.options.Journal.Letters(run, func(id workflow.MessageID) bool {
		item, ok := state.Item(id)
		if ok && item.Stage == journal.Closed {
			p.unsure[id] = true
		}
		return ok && (item.Stage == journal.Removed || item.Stage == journal.Closed) // what may still be there is not sent again
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

// planAgain leaves out what was sent before.
func (d *Desk) planAgain(p *RestorePlan, dead workflow.Queue, letters []journal.Letter, why map[workflow.MessageID]string) error {
	before, err := d.sentBefore(p.Do, "")
	if err != nil {
		return err // an entry that can't be read may be about one of them
	}
	p.left, p.out, p.dead = map[workflow.MessageID]string{}, map[string]int{}, dead
	for _, l := range letters {
		reason := before[l.ID]
		if reason == "" {
			reason = why[l.ID]
		}
		if reason != "" {
			p.left[l.ID] = reason
			p.out[reason]++
			continue
		}
		attributes, kept := tied(l)
		if !kept {
			p.bare++
		}
		l.NewAttributes, l.Send = attributes, true
		p.letters = append(p.letters, l)
	}
	if len(p.letters) == 0 {
		reason := "no message is there to be put back"
		if len(p.out) > 0 {
			reason += ": " + tally(p.out)
		}
		return &workflow.Problem{Kind: workflow.Invalid, Operation: string(p.Do), Target: p.From, Reason: reason, Next: "Choose another."}
	}
	p.describe()
	return nil
}

// describe fills in what a person reads.
func (p *RestorePlan) describe() {
	n, dead := len(p.letters), p.dead
	p.Facts, p.Warning = nil, ""
	p.Title, p.Verb, p.Risk = "Restore "+counted(n, "message"), string(p.Do), Ask
	p.Undo = "delete them again: they are archived again"
	from := "run"
	if p.Do == Import {
		p.Title, from = "Import "+counted(n, "message"), "file"
		p.Risk, p.Type = TypeName, dead.Name
		p.Warning = "What is still among the dead letters and was not received here, or was imported from another machine, would exist twice."
	}
	unsure := 0
	for _, l := range p.letters {
		if p.unsure[l.ID] {
			unsure++
		}
	}
	if unsure > 0 {
		p.Warning = fmt.Sprintf("Of %s our deletion had no answer, and then the dead letters were gone: if somebody else took them instead, they would exist twice.", counted(unsure, "message"))
	}
	fact := func(label, text string) { p.Facts = append(p.Facts, Fact{label, text}) }
	fact("from", from+" "+p.From)
	fact("to", dead.Name+": it needs sqs:SendMessage there, which only the admin policy has")
	if len(p.out) > 0 {
		fact("left out", tally(p.out))
	}
	fact("ids", "every message gets a new id, and its time until deletion begins anew")
	fact("source", "none is on record any more: SQS's own move task can't move them, a redrive sends them to the order queue")
	adds := "the order id and the original message id as attributes, unless they are there; else body, attributes and trace header stay as they are"
	if p.bare > 0 {
		adds += fmt.Sprintf("; left out of %d that have no room: only this journal ties those to their orders", p.bare)
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
