package executions

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/payload"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/workflow"
)

// stepLog is what the function of a step logged, shown in place of the data. It
// is read when it is asked for, and never by itself.
type stepLog struct {
	ask     workflow.LogAsk
	reading bool
	told    workflow.FunctionLog
	err     error
}

// logRead brings what was read for a log.
type logRead struct {
	log  *stepLog
	told workflow.FunctionLog
	err  error
}

// logAction shows the log of the selected step, or the data again.
func (d *detail) logAction() action.Action {
	s := d.selected()
	a := action.Action{Binding: keys.New("log", "L"), Title: "read what the step's function logged, or show the data", Quiet: s.Error == "" && d.log == nil}
	if d.log != nil {
		a.Run = d.do(func() { d.log = nil })
		return a
	}
	ask, ok := d.logAsk(s)
	switch {
	case s.ahead, s.State == "":
		a.Unavailable = "no step is selected that was reached"
	case !ok:
		a.Unavailable = text.Clean(s.State) + " calls no Lambda function"
	case d.world.ReadLog == nil:
		a.Unavailable = "not connected yet"
	}
	a.Run = func() tea.Cmd {
		d.log = &stepLog{ask: ask}
		d.listed, d.zoomed, d.onData = false, false, true
		return d.readLog()
	}
	return a
}

// logAsk asks for the log of a step. Where the history does not tell its function,
// the definition may.
func (d *detail) logAsk(s state) (workflow.LogAsk, bool) {
	step := s.Step
	if _, machine := d.world.Store.Definition(); step.Function == "" && machine != nil {
		if defined, ok := machine.State(step.State); ok {
			step.Function = defined.Function
		}
	}
	return workflow.LogAskOf(step, d.execution().OrderID(), d.now())
}

// readLog reads the log that is shown, for the first time or again.
func (d *detail) readLog() tea.Cmd {
	log, read := d.log, d.world.ReadLog
	if log == nil || log.reading {
		return nil
	}
	log.reading = true
	d.refresh()
	ask := log.ask
	return d.world.Do(func(ctx context.Context) tea.Msg {
		told, err := read(ctx, ask)
		return logRead{log, told, err}
	})
}

// logRead takes in what was read. What was read before stays where it can't be
// read again.
func (d *detail) logRead(msg logRead) {
	log := msg.log
	if log.reading = false; msg.err == nil {
		log.told = msg.told
	}
	log.err = msg.err
	d.refresh()
}

// title is whose log it is, and of what time; note is what it is not.
func (l *stepLog) title() (title, note string) {
	title = "Log of " + text.Clean(l.ask.Function) + " · " + l.span()
	switch {
	case l.reading:
		note = "reading …"
	case l.err != nil:
		note = "not read"
	case l.told.More:
		note = fmt.Sprintf("first %d lines", len(l.told.Lines))
	default:
		note = text.Count(len(l.told.Lines)) + " lines"
		if len(l.told.Lines) == 1 {
			note = "1 line"
		}
	}
	return title, note
}

// fewLines are so few that all of each is shown.
const fewLines = 3

// span is the time that was looked at.
func (l *stepLog) span() string {
	return l.ask.From.Local().Format(time.TimeOnly) + "–" + l.ask.To.Local().Format(time.TimeOnly)
}

// documents are the lines, and before them what must be known of them. refresh is
// the key that reads again.
func (l *stepLog) documents(refresh string) []payload.Document {
	var list []payload.Document
	say := func(line string) { list = append(list, payload.Document{Text: line}) }
	if l.err != nil {
		for _, line := range action.ProblemLines(l.err) {
			say(line)
		}
	}
	if l.told.Assumed != "" {
		say("taken for its log group: " + l.told.Group)
		say("its configuration can't be read: " + l.told.Assumed)
	}
	switch {
	case l.told.Group == "" && l.err == nil:
		say("reading …")
	case l.told.Group == "":
	case len(l.told.Lines) == 0 && l.told.More:
		say("too much was logged from " + l.span() + " in " + l.told.Group + " to search all of it; nothing was found in the first part")
	case len(l.told.Lines) == 0:
		say("nothing was logged from " + l.span() + " in " + l.told.Group)
		say("lines may come some seconds late: " + refresh + " reads again")
	case l.told.Mixed:
		say("no line names the order: all lines of that time, of other orders too")
	}
	for _, line := range l.told.Lines {
		name := line.Time.Local().Format("15:04:05.000")
		if gist := line.Gist(); gist != "" {
			name += " " + gist
		}
		list = append(list, payload.Document{Name: name, Text: line.Text, Folded: len(l.told.Lines) > fewLines})
	}
	return list
}
