package vtscreen

import (
	"fmt"
	"strings"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// Frame is one picture of a recording and how long it stays.
type Frame struct {
	Buf *uv.Buffer
	For time.Duration
}

// inner is the contents of an SVG without its outermost element.
func inner(svg string) string {
	_, s, _ := strings.Cut(svg, ">")
	s, _, _ = strings.Cut(s, "</svg>")
	return s
}

// Animation draws frames as one looping SVG (discrete SMIL animation, so it
// plays inside an <img> too).
func Animation(fs []Frame, o SVGOptions) string {
	var total time.Duration
	for _, f := range fs {
		total += f.For
	}
	var sb strings.Builder
	var at time.Duration
	for i, f := range fs {
		s := SVG(f.Buf, o)
		if i == 0 {
			open, _, _ := strings.Cut(s, ">")
			sb.WriteString(open + ">")
		}
		a, b := float64(at)/float64(total), float64(at+f.For)/float64(total)
		keys, vals := fmt.Sprintf("0;%.5f;%.5f", a, b), "hidden;visible;hidden"
		switch {
		case i == 0:
			keys, vals = fmt.Sprintf("0;%.5f", b), "visible;hidden"
		case i == len(fs)-1:
			keys, vals = fmt.Sprintf("0;%.5f", a), "hidden;visible"
		}
		vis := "hidden"
		if i == len(fs)-1 {
			vis = "visible" // what a viewer without animation shows
		}
		fmt.Fprintf(&sb, `<g visibility="%s"><animate attributeName="visibility" dur="%.2fs" repeatCount="indefinite" calcMode="discrete" keyTimes="%s" values="%s"/>%s</g>`,
			vis, total.Seconds(), keys, vals, inner(s))
		at += f.For
	}
	sb.WriteString("</svg>\n")
	return sb.String()
}
