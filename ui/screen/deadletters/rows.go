package deadletters

import (
	"fmt"
	"strings"
	"time"

	"orderops/ui/action"
	"orderops/ui/component/list"
	"orderops/ui/component/pane"
	"orderops/ui/component/table"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// rows shows the inspected dead letters in a table.
type rows struct {
	action.Source[workflow.MessageID, *monitor.DeadLetter]
	screen *Screen
}

// Cells are one dead letter.
func (r rows) Cells(i int, dst []table.Cell) []table.Cell {
	d, now := r.Index.At(i), r.World.Now
	glyph, tone := r.screen.theme.Status(string(d.Verdict))
	return append(
		dst,
		table.Cell{Text: glyph + " " + verdictWord(d.DeadLetter), Tone: tone},
		table.Cell{Text: age(d.Sent, now)},
		table.Cell{Text: deletedIn(d.DeleteAt, now), Tone: urgency(d.DeleteAt, now)},
		table.Cell{Text: receives(d.DeadLetter)},
		table.Cell{Text: text.Middle(text.Clean(string(d.OrderID())), 13)},
		table.Cell{Text: d.Draft.UserID},
		table.Cell{Text: d.Draft.RestaurantID},
		table.Cell{Text: size(len(d.Body))},
		table.Cell{Text: cause(d.DeadLetter)},
	)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return text.Count(n) + " " + word + "s"
}

func age(sent, now time.Time) string {
	if sent.IsZero() {
		return "–"
	}
	return text.Age(now.Sub(sent))
}

// deletedIn is the time until the queue deletes the message.
func deletedIn(at, now time.Time) string {
	switch {
	case at.IsZero():
		return "not known"
	case !at.After(now):
		return "any moment"
	}
	return text.Age(at.Sub(now))
}

func urgency(at, now time.Time) theme.Tone {
	if at.IsZero() || at.Sub(now) > 24*time.Hour {
		return theme.Dim
	}
	return theme.Warn
}

// receives are all receives, and how many of them were looks into this queue.
func receives(d workflow.DeadLetter) string {
	if d.Looks > 0 {
		return fmt.Sprintf("%d (+%d)", d.Receives-d.Looks, d.Looks)
	}
	return fmt.Sprint(d.Receives)
}

func cause(d workflow.DeadLetter) string {
	if cause := d.Cause(); cause != "" {
		return cause
	}
	return "–"
}

// verdictWord is the verdict, with how often a bounced letter was redriven.
func verdictWord(d workflow.DeadLetter) string {
	if n := d.Lineage().Redrives; d.Verdict == workflow.Bounced && n > 0 {
		return fmt.Sprintf("%s ×%d", d.Verdict, n)
	}
	return string(d.Verdict)
}

// size is a number of bytes in five cells.
func size(n int) string {
	if n < 10_000 {
		return text.Count(n)
	}
	return text.Count(n>>10) + " K"
}

// View is what the operator needs before, during and after looking.
func (s *Screen) View() string {
	top := ""
	h := s.h
	if n := s.tasksHeight(); n > 0 {
		top = s.tasks(s.w)
		h -= n
	}
	if s.world.Store.Inspected().IsZero() && !s.look.reading {
		return pane.Stack(top, s.before(s.w, h))
	}
	switch {
	case s.preview != nil:
		return pane.Stack(top, s.previewView(s.w, h))
	case s.twins != nil:
		return pane.Stack(top, s.twinsView(s.w, h))
	case s.zoomed:
		return pane.Stack(top, s.message(s.w, h, true))
	case s.grouped:
		return pane.Stack(top, s.groupsView(s.w, h))
	}
	split := list.NewSplit(s.w, h, s.world.Preview)
	if split.PreviewW == 0 && h >= 20 && s.world.Preview != list.Away { // a body is what one comes here to see
		split = list.Split{ListW: s.w, ListH: h - 10, PreviewW: s.w, PreviewH: 10}
	}
	s.list.SetSize(split.ListW, split.ListH)
	frame := s.list.View("Dead letters"+s.working(), s.lease())
	if split.PreviewW == 0 {
		return pane.Stack(top, frame)
	}
	return pane.Stack(top, split.Join(frame, s.message(split.PreviewW, split.PreviewH, false)))
}

// working is what is under way beside the list, behind a dot; "" when nothing is.
func (s *Screen) working() string {
	note := s.judgingNote()
	switch {
	case s.trying != nil:
		note = "trying the edit, esc stops it"
	case s.planning:
		note = "making the plan"
	}
	if note == "" {
		return ""
	}
	return " · " + note
}

// lease says how long the messages are ours, or since when they are not.
func (s *Screen) lease() string {
	seen := "as seen at " + text.Clock(s.world.Store.Inspected())
	inspection := s.look.inspection
	switch {
	case inspection == nil && s.look.left:
		return "come back by themselves · " + seen
	case inspection == nil:
		return "given back · " + seen
	}
	held := inspection.Held()
	switch {
	case !inspection.Open():
		return "giving back …"
	case s.look.reading:
		return "receiving … " + s.ofAll(held)
	case held == 0 && s.ran.under():
		return "held by the run · " + seen
	case held > 0:
		left := inspection.Until().Sub(s.world.Now)
		return fmt.Sprintf("%s · lease %d s · %s", s.ofAll(held), max(0, int(left/time.Second)), s.hold())
	case s.index().Total() > 0:
		return "leases ran out · " + seen
	case s.look.why != "":
		return s.look.why + " · " + seen
	}
	return ""
}

// hold is the one thing to know of the leases: there is no room for more.
func (s *Screen) hold() string {
	switch {
	case s.look.adrift:
		return "not renewed"
	case s.look.failed != nil:
		return "not all received"
	case s.look.lost > 0:
		return text.Count(s.look.lost) + " lost"
	}
	return "renewing"
}

// ofAll is how many are held, and of how many when there seem to be more.
func (s *Screen) ofAll(held int) string {
	dead, _ := s.world.Store.Queue(monitor.DeadLetterQueue)
	if all := dead.Total(); all > held {
		return text.Count(held) + " of ~" + text.Count(all) + " held"
	}
	return text.Count(held) + " held"
}

// before is the screen while nothing was received yet: only counts are known.
func (s *Screen) before(w, h int) string {
	dead, freshness := s.world.Store.Queue(monitor.DeadLetterQueue)
	var lines []string
	if freshness.ReadAt.IsZero() {
		for _, line := range s.world.Empty(monitor.DeadLetterQueueFeed) {
			lines = append(lines, " "+text.Clean(line))
		}
	} else { // old counts are better than none: the note says that they are old
		lines = s.counts(dead, w-3)
	}
	return pane.Frame(s.theme, "Dead letters", s.world.Note(monitor.DeadLetterQueueFeed), append([]string{""}, lines...), w, h, true)
}

// counts are what SQS tells without a receive, in lines of at most w cells.
func (s *Screen) counts(dead workflow.Queue, w int) []string {
	var lines []string
	// say wraps a line, whose first words have a tone of their own.
	say := func(tone theme.Tone, first, rest string) {
		wrapped := text.Wrap(first+rest, w)
		if after, whole := strings.CutPrefix(wrapped[0], first); whole {
			wrapped[0] = s.theme.Paint(tone, first) + after
		}
		for _, line := range wrapped {
			lines = append(lines, " "+line)
		}
	}
	total, name := dead.Total(), text.Clean(dead.Name)
	if total == 0 {
		say(theme.Good, "no dead letters", "")
		lines = append(lines, "")
		say(theme.Text, "", name+" is empty, as far as SQS counts. Its counts can lag by a minute.")
		return lines
	}
	glyph, tone := s.theme.Status("dead letter")
	say(tone, fmt.Sprintf("%s at most %s", glyph, plural(total, "dead letter")), "")
	lines = append(lines, "")
	say(theme.Text, "", fmt.Sprintf("%s holds %s visible and %s in flight.", name, text.Count(dead.Visible), text.Count(dead.InFlight)))
	say(theme.Text, "", fmt.Sprintf("Messages are deleted %s after they were first sent.", text.Age(dead.Retention)))
	lines = append(lines, "")
	say(theme.Text, "", "Nothing has been received: SQS can only be looked into by receiving, and that is a write.")
	say(theme.Key, s.world.Key("dead-letters.inspect"), " inspects them under a lease of "+text.Duration(operation.Lease)+" and gives them back when you leave.")
	say(theme.Key, s.world.Key("dead-letters.move-all"), " moves all of them back by SQS, without looking.")
	return lines
}
