package workflow

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Place is where something happened to an order.
type Place string

// The places, in the order in which an order passes them.
const (
	AtSubmit     Place = "submit"
	AtQueue      Place = "queue"
	AtConsumer   Place = "consumer"
	AtExecution  Place = "execution"
	AtState      Place = "state"
	AtTable      Place = "table"
	AtDeadLetter Place = "dead letter"
	AtMail       Place = "mail"
)

// Moment is one line of a trace.
type Moment struct {
	// At is when; zero means that nobody recorded it.
	At    time.Time
	Place Place
	// Text may hold text from outside.
	Text string
	// Took is how long it lasted; 0 is not known, or no time.
	Took time.Duration
	// Status colours the line: that of a step or an execution; "" is neither.
	Status ExecutionStatus
	// Unrecorded marks what nobody records, or not when: it is never guessed.
	Unrecorded bool
}

// Run is one execution of an order, with the events that are known of it.
type Run struct {
	Execution

	Events []Event
}

// Life is everything that is known of an order.
type Life struct {
	ID         OrderID
	Submission *Submission
	// Runs are its executions, the first one first.
	Runs       []Run
	Row        *Row
	RowMissing bool
	DeadLetter *DeadLetter
}

// Trace tells an order's life as one timeline, and where it is now.
func Trace(l Life) (moments []Moment, now string) {
	moments = append(moments, l.submitted()...)
	for i := range l.Runs {
		moments = append(moments, l.Runs[i].moments(i)...)
	}
	moments = append(moments, l.written()...)
	moments = append(moments, l.dead()...)
	// What has no time stays behind what it was told with.
	last := time.Time{}
	order := make([]time.Time, len(moments))
	for i, m := range moments {
		if !m.At.IsZero() {
			last = m.At
		}
		order[i] = last
	}
	at := make([]int, len(moments))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(order[a].UnixNano(), order[b].UnixNano()) })
	sorted := make([]Moment, 0, len(moments))
	for _, i := range at {
		sorted = append(sorted, moments[i])
	}
	return sorted, l.now()
}

// submitted tells how the order came in.
func (l Life) submitted() []Moment {
	var list []Moment
	if s := l.Submission; s != nil {
		list = append(list, Moment{At: s.At, Place: AtSubmit, Text: "sent to the order queue by you: " + string(s.Outcome)})
	}
	var sent time.Time
	if len(l.Runs) > 0 {
		sent = DecodeInput(l.Runs[0].Input).Created
	}
	if sent.IsZero() && l.DeadLetter != nil {
		sent = l.DeadLetter.Sent
	}
	switch {
	case !sent.IsZero() && len(l.Runs) > 0 && !l.Runs[0].Started.IsZero():
		list = append(list, Moment{At: sent, Place: AtQueue, Text: "accepted by the queue", Took: max(0, l.Runs[0].Started.Sub(sent))})
	case !sent.IsZero():
		list = append(list, Moment{At: sent, Place: AtQueue, Text: "accepted by the queue"})
	case l.Submission == nil:
		list = append(list, Moment{Place: AtQueue, Text: "sent to the queue", Unrecorded: true})
	}
	return append(list, l.consumed(sent))
}

// consumed tells of the deliveries to the consumer. Only a dead letter counts
// them; of what was deleted, nobody keeps the count.
func (l Life) consumed(sent time.Time) Moment {
	at := sent
	if len(l.Runs) > 0 {
		at = l.Runs[0].Started
	}
	if d := l.DeadLetter; d != nil {
		text := fmt.Sprintf("received %d times, this look included", d.Receives)
		if d.Looks >= 0 {
			text = fmt.Sprintf("received %d times without success, then moved to the dead-letter queue", max(0, d.Receives-d.Looks-1))
		}
		first := d.FirstReceived
		if first.IsZero() {
			first = at
		}
		return Moment{At: first, Place: AtConsumer, Text: text}
	}
	text := "how often it was received is not recorded"
	if len(l.Runs) == 0 {
		text = "whether it was received is not recorded"
	}
	return Moment{At: at, Place: AtConsumer, Text: text, Unrecorded: true}
}

// moments tells one run; n counts the runs before it.
func (r Run) moments(n int) []Moment {
	name := "execution started"
	if n > 0 {
		name = "run again as " + r.Name
	}
	list := []Moment{{At: r.Started, Place: AtExecution, Text: name, Status: Running}}
	pauses := Pauses(r.Events)
	for _, p := range pauses {
		list = append(list, Moment{At: p.To, Place: AtExecution, Text: fmt.Sprintf("redriven, time %d", p.Redrive), Status: Running})
	}
	if len(pauses) == 0 && r.RedriveCount > 0 {
		list = append(list, Moment{Place: AtExecution, Text: fmt.Sprintf("redriven %d times; when is in its history, which is not read yet", r.RedriveCount)})
	}
	for _, s := range Steps(r.Events, r.Status) {
		list = append(list, s.moment())
	}
	if r.Status.Ended() {
		end := Moment{At: r.Stopped, Place: AtExecution, Text: "execution " + string(r.Status), Status: r.Status, Took: r.Duration(r.Stopped)}
		if r.Error != "" {
			end.Text += ": " + r.Error
		}
		list = append(list, end)
	}
	return list
}

func (s Step) moment() Moment {
	m := Moment{At: s.Entered, Place: AtState, Text: s.State}
	if !s.Exited.IsZero() {
		m.Took = s.Exited.Sub(s.Entered)
	}
	switch s.Status {
	case StepRunning:
		m.Status = Running
	case StepDone, StepCaught:
		m.Status = Succeeded
	case StepFailed:
		m.Status = Failed
	case StepTimedOut:
		m.Status = TimedOut
	case StepAborted:
		m.Status = Aborted
	}
	if s.Retries > 0 {
		m.Text += fmt.Sprintf(", tried %d times", s.Retries+1)
	}
	if s.Error != "" {
		m.Text += ": " + s.Error
	}
	return m
}

// written tells of the row. Only its creation carries a time.
func (l Life) written() []Moment {
	if l.Row == nil {
		text := "the row is not read yet"
		if l.RowMissing {
			text = "the table has no row for this order"
		}
		return []Moment{{Place: AtTable, Text: text}}
	}
	text := "row says " + string(l.Row.Status)
	if l.Row.ErrorMessage != "" {
		text += ": " + l.Row.ErrorMessage
	}
	list := []Moment{{Place: AtTable, Text: text, Unrecorded: true}}
	if l.Row.Status == Success || l.Row.Status == Failure {
		list = append(list, l.mailed())
	}
	return list
}

// mailed tells what is known of the mail: whether the topic took it, as the
// execution's output says. Nobody records whether it arrived.
func (l Life) mailed() Moment {
	if len(l.Runs) > 0 {
		last := l.Runs[len(l.Runs)-1]
		switch Notification(last.Output) {
		case NotificationFailed:
			return Moment{At: last.Stopped, Place: AtMail, Text: "not sent: SNS did not take it; the save function's log says why", Status: Failed}
		case NotificationSent:
			return Moment{At: last.Stopped, Place: AtMail, Text: "taken by SNS; arrival unrecorded", Unrecorded: true}
		}
	}
	return Moment{Place: AtMail, Text: "whether the mail arrived", Unrecorded: true}
}

// dead tells of the dead letter.
func (l Life) dead() []Moment {
	d := l.DeadLetter
	if d == nil {
		return nil
	}
	list := []Moment{{Place: AtDeadLetter, Text: "in the dead-letter queue: " + string(d.Verdict), Unrecorded: true}}
	if lineage := d.Lineage(); lineage.Redrives > 0 {
		text := fmt.Sprintf("redriven %d times before", lineage.Redrives)
		if lineage.By != "" {
			text += ", by " + lineage.By
		}
		list = append([]Moment{{Place: AtDeadLetter, Text: text}}, list...)
	}
	if !d.DeleteAt.IsZero() {
		list = append(list, Moment{Place: AtDeadLetter, Text: "SQS deletes it at " + d.DeleteAt.Local().Format(time.DateTime)})
	}
	return list
}

// now says where the order is.
func (l Life) now() string {
	if len(l.Runs) > 0 {
		r := l.Runs[len(l.Runs)-1]
		where := ""
		for _, s := range slices.Backward(Steps(r.Events, r.Status)) {
			where = " in " + s.State
			break
		}
		switch {
		case r.Status == Succeeded && l.Row != nil && l.Row.Status == Pending:
			return "its execution succeeded, but the row still says PENDING"
		case r.Status == Succeeded && l.Row != nil:
			return "done: " + string(l.Row.Status)
		case r.Status == Succeeded:
			return "done; the row is not read yet"
		case r.Status.Broken() && l.DeadLetter != nil:
			return "its execution ended as " + string(r.Status) + where + ", and its message is a dead letter"
		case r.Status.Broken():
			return "its execution ended as " + string(r.Status) + where
		}
		return "running" + where
	}
	switch {
	case l.DeadLetter != nil:
		return "in the dead-letter queue, not started"
	case l.Row != nil:
		return "in the table as " + string(l.Row.Status) + "; no execution of it is known"
	case l.Submission != nil:
		return "accepted, not started: in the queue, in flight, or among the dead letters"
	}
	return "nothing is known of it"
}
