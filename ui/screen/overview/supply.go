package overview

import (
	"fmt"
	"strings"
	"time"

	"orderops/ui/component/pane"
	"orderops/ui/component/spark"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// supplyLine is how old the oldest message of the order queue is, and how many
// came per minute; "" when CloudWatch does not tell.
func (s *Screen) supplyLine() string {
	m, fresh := s.world.Store.Metrics()
	if s.world.Unmetered || fresh.ReadAt.IsZero() {
		return ""
	}
	return text.Pad(s.oldest(" "), 16) + s.theme.Paint(theme.Info, spark.Line(m.Sent.Counted(m.Told()), 12))
}

// oldest is how old the oldest message is, behind a lead; "" when CloudWatch does
// not tell.
func (s *Screen) oldest(lead string) string {
	m, _ := s.world.Store.Metrics()
	age, ok := m.OldestAge.Last()
	if !ok || s.world.Unmetered {
		return ""
	}
	return lead + "oldest " + text.Age(time.Duration(age)*time.Second)
}

// briefRates are the executions per minute in one line.
func (s *Screen) briefRates() string {
	started, finished, failed := s.perMinute()
	per := " per minute"
	if until, ok := s.countedUntil(); ok {
		per = " minute to " + text.Minute(until)
	}
	parts := []string{s.theme.Paint(theme.Dim, per)}
	for _, of := range []struct {
		what   string
		values []float64
		tone   theme.Tone
	}{{"started", started, theme.Info}, {"finished", finished, theme.Good}, {"failed", failed, theme.Bad}} {
		parts = append(parts, fmt.Sprintf("%.0f %s ", newest(of.values), of.what)+s.theme.Paint(of.tone, spark.Line(of.values, 7)))
	}
	return strings.Join(parts, "  ")
}

// perMinute are the executions per minute, as CloudWatch counted them, else since
// the program was started.
func (s *Screen) perMinute() (started, finished, failed []float64) {
	if m, fresh := s.world.Store.Metrics(); !s.world.Unmetered && !fresh.ReadAt.IsZero() {
		told := m.Told()
		return m.Started.Counted(told), m.Succeeded.Counted(told), m.Failed.Add(m.TimedOut, m.Aborted).Counted(told)
	}
	rates := s.world.Store.Rates(s.world.Now)
	return rates.Started, rates.Finished, rates.Failed
}

// countedUntil is the end of the newest minute that CloudWatch has told; false
// where the program counts by itself, up to now.
func (s *Screen) countedUntil() (time.Time, bool) {
	m, fresh := s.world.Store.Metrics()
	return m.From.Add(time.Duration(m.Told()) * time.Minute), !s.world.Unmetered && !fresh.ReadAt.IsZero()
}

func newest(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return values[len(values)-1]
}

// consumerLine is who reads the order queue; "" while it is not known.
func (s *Screen) consumerLine() string {
	c, fresh := s.world.Store.Consumer()
	switch {
	case fresh.ReadAt.IsZero() && fresh.Err == nil:
		return ""
	case fresh.ReadAt.IsZero():
		return " consumer: " + s.unknown(fresh)
	case c.UUID == "":
		return s.theme.Paint(theme.Bad, " no consumer")
	case !c.Reads():
		return s.theme.Paint(theme.Bad, " "+text.Clean(c.Function)+" "+text.Clean(c.State))
	}
	line := " " + text.Clean(c.Function)
	if c.State != "Enabled" {
		line += " " + text.Clean(c.State)
	}
	if !c.Deployed.IsZero() {
		line += " · deployed " + text.Age(s.world.Now.Sub(c.Deployed))
	}
	return s.theme.Paint(theme.Dim, line)
}

// locatedLine says how far the states of what runs can be trusted; "" when they
// are all known, and now.
func (s *Screen) locatedLine(unknown, running int) string {
	if running == 0 {
		return ""
	}
	line := text.Clean(s.world.PositionNote())
	if unknown > 0 {
		line = strings.TrimSuffix(text.Count(unknown)+" not located yet · "+line, " · ")
	}
	if line == "" {
		return ""
	}
	return s.theme.Paint(theme.Dim, line)
}

// rates are messages and executions per minute: as CloudWatch counted them, else
// since the program was started.
func (s *Screen) rates(w, h int) string {
	if h < 3 {
		return pane.Block(nil, w, max(0, h))
	}
	innerW, innerH := pane.Inner(w, h)
	line := func(label string, values []float64, tone theme.Tone) string {
		head := fmt.Sprintf(" %-9s %4.0f  ", label, newest(values))
		return head + s.theme.Paint(tone, spark.Line(values, max(0, innerW-text.Width(head)-1)))
	}
	var lines []string
	note := ""
	if m, fresh := s.world.Store.Metrics(); !s.world.Unmetered && !fresh.ReadAt.IsZero() {
		note = "CloudWatch, " + price(float64(m.Asked)*workflow.PricePerMetric*60) + "/h · " + s.world.Key("overview.metrics") + " off"
		if innerH > 3 {
			lines = append(lines, line("accepted", m.Sent.Counted(m.Told()), theme.Info))
		}
	} else if opened := s.world.Store.Opened(); !opened.IsZero() {
		note = "since " + text.Clock(opened)
	}
	started, finished, failed := s.perMinute()
	lines = append(lines, line("started", started, theme.Info), line("finished", finished, theme.Good), line("failed", failed, theme.Bad))
	if until, ok := s.countedUntil(); ok && len(lines) < innerH {
		lines = append(lines, s.theme.Paint(theme.Dim, " the minute to "+text.Minute(until)))
	}
	if problem := s.world.Note(monitor.MetricsFeed); problem != "" && !s.world.Unmetered {
		// It is longer than the frame's top has room for.
		for _, part := range text.Wrap(text.Clean("CloudWatch: "+problem), innerW-2) {
			lines = append(lines, " "+s.theme.Paint(theme.Warn, part))
		}
	}
	return pane.Frame(s.theme, "Per minute", note, lines, w, h, false)
}

// price writes US dollars, also very few.
func price(dollars float64) string {
	if dollars > 0 && dollars < 0.01 {
		return fmt.Sprintf("$%.4f", dollars)
	}
	return fmt.Sprintf("$%.2f", dollars)
}
