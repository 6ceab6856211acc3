package list

import "orderops/ui/component/pane"

// Widths and heights at which a preview gets its own place.
const (
	rightFrom   = 110 // cells of width for a preview on the right
	belowFrom   = 30  // lines of height for a preview below
	rightShare  = 40  // per cent of the width
	belowHeight = 12
)

// Split is how a list and the preview of its row share a screen. Sizes are of
// the frames, borders included; a zero PreviewW means that there is no preview.
type Split struct {
	ListW, ListH       int
	PreviewW, PreviewH int
	// Right tells that the preview stands beside the list, else below it.
	Right bool
}

// Where a preview may be put; "" is where there is room for it.
const (
	Right = "right"
	Below = "below"
	Away  = "away"
)

// Places are the choices, in the order in which they are gone through.
func Places() []string { return []string{"", Right, Below, Away} }

// NewSplit puts the preview where it was asked for. Without a choice it goes to
// the right when there is width for it, else below when there is height, else away.
func NewSplit(w, h int, preview string) Split {
	switch {
	case preview == Away:
		return Split{ListW: w, ListH: h}
	case preview == Right || preview == "" && w >= rightFrom:
		p := w * rightShare / 100
		return Split{ListW: w - p, ListH: h, PreviewW: p, PreviewH: h, Right: true}
	case preview == Below || h >= belowFrom:
		return Split{ListW: w, ListH: h - belowHeight, PreviewW: w, PreviewH: belowHeight}
	}
	return Split{ListW: w, ListH: h}
}

// Join sets the two frames as the split says.
func (s Split) Join(list, preview string) string {
	switch {
	case s.PreviewW == 0:
		return list
	case s.Right:
		return pane.Columns(list, preview)
	}
	return pane.Stack(list, preview)
}
