package vtscreen

import "testing"

func FuzzScreen(f *testing.F) {
	for seed := range int64(8) {
		out, _ := scenario(seed, terms[seed%7], 3, 40, 10, words, seed%2 == 0)
		f.Add(out)
	}
	f.Add([]byte("\x1b[3;5r\x1b[99L\x1b[99M\x1b[99S\x1b[99T\x1b[99@\x1b[99P\x1b[99X\x1b[999b\x1b[0;0H\x1b[999;999H日\x1b[1K\x1b[1J\x1b[3g\x1b[99I\x1b[99Z"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := New(40, 10, nil, DefaultReplies())
		r := newRand(int64(len(b)))
		chunks(r, b, func(p []byte) {
			write(t, s, p)
			if r.IntN(4) == 0 {
				s.Resize(1+r.IntN(60), 1+r.IntN(20))
			}
		})
		_ = s.Text()
		_ = SVG(s.Snapshot(), SVGOptions{})
	})
}
