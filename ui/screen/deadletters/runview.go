package deadletters

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orderops/ui/component/spark"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow/operation"
)

// runLines tell how far the run is, one line each; none when there is no run.
func (s *Screen) runLines() []string {
	var lines []string
	if line := s.restoreLine(); line != "" {
		lines = append(lines, line)
	}
	if s.ran.run != nil {
		lines = append(lines, s.runLine(s.ran.progress)...)
	}
	if n := len(s.ran.unfinished); n > 0 && !s.ran.under() {
		broken := s.ran.unfinished[0]
		line := fmt.Sprintf(" ! a %s begun %s broke off: %s may exist twice or wait to be deleted", broken.Head.Verb,
			text.Clock(broken.Head.Began), plural(len(broken.Unfinished()), "message"))
		if n > 1 {
			line += fmt.Sprintf(" (and %d more)", n-1)
		}
		lines = append(lines, s.theme.Paint(theme.Warn, line)+s.theme.Paint(theme.Dim, " · "+s.world.Key("dead-letters.finish")+" finishes it, "+s.world.Key("dead-letters.verify")+" only verifies"))
	}
	return lines
}

// mostWhy is how many lines a reason may take below its run.
const mostWhy = 4

// runLine is how far a run is, and below it why it is not further where that does
// not fit beside it.
func (s *Screen) runLine(p operation.Progress) []string {
	glyph, tone := runGlyph(p.Status)
	line := " " + s.theme.Paint(tone, text.Pad(glyph+" "+string(p.Verb)+" "+string(p.Status), 19))
	if !p.Status.Over() {
		part := 0.0
		if p.Total > 0 {
			part = float64(p.Done) / float64(p.Total)
		}
		line += " " + spark.Bar(part, 12)
	}
	line += " " + p.String()
	if !p.Status.Over() {
		line += fmt.Sprintf(" · %d/s", p.Rate)
	}
	if len(p.Outcomes) > 0 {
		line += " · " + text.Clean(counts(p.Outcomes))
	}
	why, w := text.Clean(p.Why), s.w-4
	if why == "" {
		return []string{line}
	}
	if whole := line + " · " + s.theme.Paint(theme.Warn, why); text.Width(whole) <= w {
		return []string{whole}
	}
	lines := []string{line}
	for i, part := range text.Wrap(why, w-3) {
		if i == mostWhy {
			lines[i] = text.Cut(lines[i], w-2) + " …"
			break
		}
		lines = append(lines, "   "+s.theme.Paint(theme.Warn, part))
	}
	return lines
}

func runGlyph(status operation.RunStatus) (string, theme.Tone) {
	switch status {
	case operation.Working:
		return "▷", theme.Info
	case operation.Finished:
		return "✓", theme.Good
	case operation.Stopped:
		return "✗", theme.Bad
	case operation.Paused, operation.Cancelling:
		return "↻", theme.Warn
	case operation.Cancelled:
	}
	return "■", theme.Dim
}

// counts lists how often each outcome came: "3 succeeded · 1 bounced".
func counts(outcomes map[string]int) string {
	var parts []string
	for _, outcome := range slices.Sorted(maps.Keys(outcomes)) {
		parts = append(parts, fmt.Sprintf("%d %s", outcomes[outcome], outcome))
	}
	return strings.Join(parts, " · ")
}
