package vtscreen

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// SVGOptions says how a picture looks; zero values mean the default.
type SVGOptions struct {
	Title    string      // window title
	Fg, Bg   color.Color // default colours
	FontSize float64     // px [14]
	NoChrome bool        // no window frame
	Palette  *[16]color.Color
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// palette is the sixteen basic colours, of the Tomorrow Night scheme.
func palette() *[16]color.Color {
	return &[16]color.Color{
		rgb(0x1d, 0x1f, 0x21), rgb(0xcc, 0x66, 0x66), rgb(0xb5, 0xbd, 0x68), rgb(0xf0, 0xc6, 0x74), rgb(0x81, 0xa2, 0xbe), rgb(0xb2, 0x94, 0xbb), rgb(0x8a, 0xbe, 0xb7), rgb(0xc5, 0xc8, 0xc6),
		rgb(0x66, 0x66, 0x66), rgb(0xd5, 0x4e, 0x53), rgb(0xb9, 0xca, 0x4a), rgb(0xe7, 0xc5, 0x47), rgb(0x7a, 0xa6, 0xda), rgb(0xc3, 0x97, 0xd8), rgb(0x70, 0xc0, 0xb1), rgb(0xea, 0xea, 0xea),
	}
}

func rgb(r, g, b uint8) color.Color { return color.RGBA{r, g, b, 255} }

// SVG draws the cells as a self-contained picture: every run of text has an
// exact x position and textLength, so columns line up in any monospace font;
// box drawing, block and braille glyphs are drawn as shapes where a font could
// leave gaps.
func SVG(b *uv.Buffer, o SVGOptions) string {
	if o.Fg == nil {
		o.Fg = rgb(0xd0, 0xd0, 0xd0)
	}
	if o.Bg == nil {
		o.Bg = rgb(0x16, 0x18, 0x21)
	}
	if o.FontSize == 0 {
		o.FontSize = 14
	}
	pal := o.Palette
	if pal == nil {
		pal = palette()
	}
	conv := func(c color.Color) color.Color {
		switch c := c.(type) {
		case ansi.BasicColor:
			return pal[c]
		case ansi.IndexedColor:
			if c < 16 {
				return pal[c]
			}
		}
		return c
	}
	cw, ch := o.FontSize*0.6, o.FontSize*1.25
	pad, top := o.FontSize*0.9, o.FontSize*2.4
	if o.NoChrome {
		pad, top = 0, 0
	}
	W := float64(b.Width())*cw + 2*pad
	H := float64(b.Height())*ch + top + pad
	var s, txt strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.0f" height="%.0f" font-family="ui-monospace,'JetBrains Mono','DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="%.1fpx">`, W, H, W, H, o.FontSize)
	fmt.Fprintf(&s, `<rect width="100%%" height="100%%" rx="%d" fill="%s"/>`, map[bool]int{false: 8, true: 0}[o.NoChrome], hex(o.Bg))
	if !o.NoChrome {
		for i, c := range []string{"#ff5f57", "#febc2e", "#28c840"} {
			fmt.Fprintf(&s, `<circle cx="%.1f" cy="%.1f" r="5.5" fill="%s"/>`, pad+6+float64(i)*18, top/2, c)
		}
		if o.Title != "" {
			fmt.Fprintf(&s, `<text x="50%%" y="%.1f" fill="#888" text-anchor="middle" font-size="%.1f">%s</text>`, top/2+4, o.FontSize*.85, html.EscapeString(o.Title))
		}
	}
	fmt.Fprintf(&s, `<g transform="translate(%.1f,%.1f)">`, pad, top)
	type st struct {
		fg, bg                     string
		bold, faint, it, u, strike bool
	}
	style := func(c *uv.Cell) st {
		fg, bg := o.Fg, color.Color(nil)
		if c.Style.Fg != nil {
			fg = conv(c.Style.Fg)
		}
		if c.Style.Bg != nil {
			bg = conv(c.Style.Bg)
		}
		a := c.Style.Attrs
		if a&uv.AttrReverse != 0 {
			nb := fg
			if bg == nil {
				bg = o.Bg
			}
			fg, bg = bg, nb
		}
		r := st{fg: hex(fg), bold: a&uv.AttrBold != 0, faint: a&uv.AttrFaint != 0, it: a&uv.AttrItalic != 0, strike: a&uv.AttrStrikethrough != 0, u: c.Style.Underline != 0}
		if bg != nil {
			r.bg = hex(bg)
		}
		return r
	}
	for y := range b.Height() {
		fy := float64(y) * ch
		for x := 0; x < b.Width(); { // backgrounds
			c := b.CellAt(x, y)
			bg, x0 := style(c).bg, x
			for x < b.Width() && style(b.CellAt(x, y)).bg == bg {
				x++
			}
			if bg != "" {
				fmt.Fprintf(&s, `<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill="%s"/>`, float64(x0)*cw, fy, float64(x-x0)*cw, ch+.3, bg)
			}
		}
		for x := 0; x < b.Width(); { // text runs of one style
			c := b.CellAt(x, y)
			if c == nil || c.Content == "" || (c.Content == " " && c.Style.Underline == 0) {
				x++
				continue
			}
			if sh := shape(c.Content, float64(x)*cw, fy, cw, ch, style(c).fg); sh != "" {
				txt.WriteString(sh)
				x++
				continue
			}
			sty, x0, run := style(c), x, ""
			for x < b.Width() {
				n := b.CellAt(x, y)
				if n == nil || n.Content == "" || style(n) != sty || shape(n.Content, 0, 0, cw, ch, "") != "" {
					break
				}
				if n.Width != 1 && run != "" || len(run) > 0 && strings.HasSuffix(run, "  ") {
					break
				}
				run += n.Content
				x += max(1, n.Width)
				if n.Width != 1 {
					break
				}
			}
			cells := x - x0
			if t := strings.TrimRight(run, " "); !sty.u {
				cells -= len(run) - len(t)
				run = t
			}
			at := ""
			if sty.bold {
				at += ` font-weight="bold"`
			}
			if sty.it {
				at += ` font-style="italic"`
			}
			if sty.faint {
				at += ` opacity=".6"`
			}
			if sty.u {
				at += ` text-decoration="underline"`
			} else if sty.strike {
				at += ` text-decoration="line-through"`
			}
			fmt.Fprintf(&txt, `<text x="%.2f" y="%.2f" fill="%s" textLength="%.2f" lengthAdjust="spacingAndGlyphs" xml:space="preserve"%s>%s</text>`,
				float64(x0)*cw, fy+ch*.76, sty.fg, float64(cells)*cw, at, html.EscapeString(run))
		}
	}
	s.WriteString(txt.String())
	s.WriteString("</g></svg>\n")
	return s.String()
}

// shape draws light/rounded box lines, block elements and braille.
func shape(g string, x, y, w, h float64, fill string) string {
	r := []rune(g)
	if len(r) != 1 {
		return ""
	}
	mx, my := x+w/2, y+h/2
	line := func(d string, sw float64) string {
		return fmt.Sprintf(`<path d="%s" stroke="%s" stroke-width="%.1f" fill="none"/>`, d, fill, sw)
	}
	rect := func(x, y, w, h float64) string {
		return fmt.Sprintf(`<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill="%s"/>`, x, y, w+.15, h+.15, fill)
	}
	arms := map[rune]string{'─': "lr", '│': "ud", '┌': "rd", '┐': "ld", '└': "ru", '┘': "lu", '├': "udr", '┤': "udl", '┬': "lrd", '┴': "lru", '┼': "lrud", '╴': "l", '╵': "u", '╶': "r", '╷': "d"}
	heavy := map[rune]string{'━': "lr", '┃': "ud", '┏': "rd", '┓': "ld", '┗': "ru", '┛': "lu", '┣': "udr", '┫': "udl", '┳': "lrd", '┻': "lru", '╋': "lrud"}
	draw := func(a string, sw float64) string {
		var d strings.Builder
		for _, c := range a {
			switch c {
			case 'l':
				fmt.Fprintf(&d, "M%.2f %.2fH%.2f", x, my, mx+sw/2)
			case 'r':
				fmt.Fprintf(&d, "M%.2f %.2fH%.2f", mx-sw/2, my, x+w)
			case 'u':
				fmt.Fprintf(&d, "M%.2f %.2fV%.2f", mx, y, my+sw/2)
			case 'd':
				fmt.Fprintf(&d, "M%.2f %.2fV%.2f", mx, my-sw/2, y+h)
			}
		}
		return line(d.String(), sw)
	}
	c := r[0]
	switch {
	case arms[c] != "":
		return draw(arms[c], 1.2)
	case heavy[c] != "":
		return draw(heavy[c], 2.6)
	case c >= '╭' && c <= '╰': // ╭╮╯╰
		q := w / 2
		switch c {
		case '╭':
			return line(fmt.Sprintf("M%.2f %.2fV%.2fQ%.2f %.2f %.2f %.2fH%.2f", mx, y+h, my+q, mx, my, mx+q, my, x+w), 1.2)
		case '╮':
			return line(fmt.Sprintf("M%.2f %.2fV%.2fQ%.2f %.2f %.2f %.2fH%.2f", mx, y+h, my+q, mx, my, mx-q, my, x), 1.2)
		case '╯':
			return line(fmt.Sprintf("M%.2f %.2fV%.2fQ%.2f %.2f %.2f %.2fH%.2f", mx, y, my-q, mx, my, mx-q, my, x), 1.2)
		default:
			return line(fmt.Sprintf("M%.2f %.2fV%.2fQ%.2f %.2f %.2f %.2fH%.2f", mx, y, my-q, mx, my, mx+q, my, x+w), 1.2)
		}
	case c >= '▁' && c <= '█':
		f := float64(c-'▀') / 8
		return rect(x, y+h*(1-f), w, h*f)
	case c == '▀':
		return rect(x, y, w, h/2)
	case c >= '▉' && c <= '▏':
		return rect(x, y, w*float64(8-(c-'█'))/8, h)
	case c >= '░' && c <= '▓':
		return fmt.Sprintf(`<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill="%s" opacity="%.2f"/>`, x, y, w+.15, h+.15, fill, .25*float64(c-'░'+1))
	case c > 0x2800 && c <= 0x28ff:
		var out strings.Builder
		bits := [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}
		for i, p := range bits {
			if (c-0x2800)>>i&1 == 1 {
				fmt.Fprintf(&out, `<circle cx="%.2f" cy="%.2f" r="%.2f" fill="%s"/>`, x+w*(.28+.44*float64(p[0])), y+h*(.14+.24*float64(p[1])), w*.15, fill)
			}
		}
		return out.String()
	}
	return ""
}
