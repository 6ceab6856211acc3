package monitor

import (
	"time"

	"orderops/workflow"
)

const (
	// overlap is how far each reading of the log goes back behind what was read:
	// log events come late.
	overlap = 30 * time.Second
	// tooFarBehind is from when on the log does not tell the present any more.
	tooFarBehind = time.Minute
	// firstBack is the length of the first look back for executions that had
	// begun before; each further one is twice as long.
	firstBack = 5 * time.Minute
	// mostBack bounds how many pages are read for them. Who is not found then is
	// looked up by its history when it is in view.
	mostBack = 60
)

// LogRange is one page of the log to read. Back marks one that looks for where
// executions already were.
type LogRange struct {
	Group string
	From  time.Time
	// To is zero for up to now.
	To    time.Time
	Token string
	Back  bool
}

// tail follows the log of the executions: a window from a little before what was
// read up to now, page by page, then the next one. Every other page looks back
// instead, until all running executions are located.
type tail struct {
	group, level string
	// asOf is up to when everything was read that had arrived; zero before.
	asOf time.Time
	// from, token and began are of the window that is being read; no token is
	// its first page. began is when that was asked for.
	from  time.Time
	token string
	began time.Time

	// back is the window into the past, and backFrom up to where it is clear.
	backFrom, backTo time.Time
	backToken        string
	backPages        int
	// turned tells that the last page was of the present.
	turned bool
}

// next is the page to read now.
func (t *tail) next(s *Store, now time.Time) LogRange {
	if t.group == "" || t.level != "ALL" {
		return LogRange{}
	}
	if t.turned && t.token == "" && s.counts.States[""] > 0 && t.backPages < mostBack {
		return LogRange{Group: t.group, From: t.backFrom, To: t.backTo, Token: t.backToken, Back: true}
	}
	if t.token != "" {
		return LogRange{Group: t.group, From: t.from, Token: t.token}
	}
	from := t.asOf
	if from.IsZero() {
		from = now
	}
	return LogRange{Group: t.group, From: from.Add(-overlap)}
}

// read takes in that a page was read.
func (t *tail) read(c LogRead) {
	if c.Asked.Back {
		t.turned = false
		t.backPages++
		if t.backToken = c.Page.Next; t.backToken == "" {
			length := 2 * t.backTo.Sub(t.backFrom)
			t.backTo = t.backFrom
			t.backFrom = t.backTo.Add(-length)
		}
		return
	}
	t.turned = true
	if c.Asked.Token == "" {
		t.from, t.began = c.Asked.From, c.At
		if t.backTo.IsZero() {
			t.backTo, t.backFrom = t.from, t.from.Add(-firstBack)
		}
	}
	if t.token = c.Page.Next; t.token == "" {
		t.asOf = later(t.asOf, t.began)
		return
	}
	t.asOf = later(t.asOf, c.Page.Newest)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// tailing tells whether the log tells where executions are.
func (s *Store) tailing(now time.Time) bool {
	return s.tail.group != "" && s.tail.level == "ALL" && now.Sub(s.tail.asOf) < tooFarBehind
}

// Positions say how it is known where running executions are.
type Positions struct {
	// AsOf is what the log was read up to; zero when the log does not tell.
	AsOf time.Time
	// Why says why the log does not tell, "" while it does or is about to.
	Why string
}

// Positions tell how far the states of executions can be trusted at now.
func (s *Store) Positions(now time.Time) Positions {
	if s.tailing(now) {
		return Positions{AsOf: s.tail.asOf}
	}
	fresh := s.fresh[LogFeed]
	switch {
	case s.fresh[DefinitionFeed].ReadAt.IsZero():
		return Positions{}
	case s.tail.group == "":
		return Positions{Why: "the state machine has no log group"}
	case s.tail.level != "ALL":
		return Positions{Why: "the state machine logs at level " + s.tail.level + ", not ALL"}
	case fresh.Condition() == NoPermission:
		return Positions{Why: "no permission logs:FilterLogEvents"}
	case workflow.KindOf(fresh.Err) == workflow.NotFound:
		return Positions{Why: "the log group " + s.tail.group + " does not exist"}
	case fresh.Err != nil:
		return Positions{Why: "the log can't be read"}
	}
	return Positions{}
}

// logged is what the log told of one execution.
type logged struct {
	// id, state, kind and at are of the newest state that was entered.
	id          int64
	state, kind string
	at          instant
	// end is the newest end of the execution.
	end int64
}

// unlogged is what the log told of an execution that it told nothing of.
var unlogged logged //nolint:gochecknoglobals // never changed

// heard is what the log told.
func (e *Execution) heard() *logged {
	if e.logged == nil {
		return &unlogged
	}
	return e.logged
}

// takeLog takes in log events: those of one execution together, so that a page
// costs as much as there are executions in it.
func (s *Store) takeLog(events []workflow.LogEvent, at time.Time) {
	drafts := map[workflow.ExecutionARN]*Execution{}
	for i := range events {
		event := &events[i]
		next := drafts[event.Execution]
		if next == nil {
			if known, ok := s.executions.Get(event.Execution); ok && !known.isNews(event) {
				continue // read before: readings overlap
			}
			next = s.draft(event.Execution)
			drafts[event.Execution] = next
		}
		s.hear(next, event)
	}
	for _, next := range drafts {
		next.locate()
		s.wait(next)
		s.setExecution(next, at)
	}
}

// isNews tells whether a log event may add anything to what is known.
func (e *Execution) isNews(l *workflow.LogEvent) bool {
	switch {
	case ended(l.Type) != "":
		return l.ID > e.heard().end
	case l.Type == "ExecutionStarted":
		return e.Started.IsZero() || !e.inputKnown
	default:
		return l.RedriveCount > e.RedriveCount || l.ID > e.heard().id
	}
}

// hear takes one event of the log into a draft.
func (s *Store) hear(next *Execution, l *workflow.LogEvent) {
	told := workflow.Execution{RedriveCount: l.RedriveCount, Status: workflow.Running}
	if end := ended(l.Type); end != "" {
		told.Status, told.Stopped, told.Error, told.Cause = end, l.Time, l.Error, l.Cause
		if known := *next.heard(); l.ID > known.end {
			s.dwelt(next, "", l)
			s.unmailed.hear(l)
			known.end = l.ID
			next.logged = &known
		}
	}
	if l.Type == "ExecutionStarted" {
		told.Started = l.Time
		next.learnOrder(l.Input)
	}
	next.learn(told)
	if told.Status.Ended() && told.Status == next.Status && told.RedriveCount == next.RedriveCount {
		next.endKnown = next.endKnown || told.Error != "" || told.Cause != ""
	}
	if kind, ok := cutEntered(l.Type); ok && l.ID > next.heard().id {
		s.dwelt(next, l.State, l)
		next.logged = &logged{id: l.ID, state: common(l.State), kind: common(kind), at: instantOf(l.Time), end: next.heard().end}
	}
}

// locate takes over the state that the log told, if nothing newer is known. The
// state that an execution ended in is known only when the log told its end: it
// may have gone on before.
func (e *Execution) locate() {
	l := e.heard()
	if l.id == 0 || l.id < e.lastEvent || e.Status.Ended() && l.end < l.id {
		return
	}
	e.State, e.StateKind, e.Entered, e.lastEvent = l.state, l.kind, l.at.time(), l.id
}

// learnOrder takes whose order it is out of an input that is not kept.
func (e *Execution) learnOrder(input string) {
	order := workflow.DecodeInput(input)
	if order.UserID == "" {
		return // not logged, or cut off
	}
	e.inputKnown = true
	e.UserID = order.UserID
	keep(&e.Restaurant, order.RestaurantID)
	keep(&e.Quantity, order.Quantity)
}
