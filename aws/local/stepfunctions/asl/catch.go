package asl

// catcher is one entry of Catch.
type catcher struct {
	errors     []string
	next       string
	resultPath dataPath
}

func (f *fields) catch() []catcher {
	var all []catcher
	f.objects("Catch", func(f *fields) {
		c := catcher{errors: f.errorEquals(), resultPath: f.dataPath("ResultPath")}
		f.text("Comment")
		f.require("Next")
		c.next, _ = f.text("Next")
		f.finish()
		all = append(all, c)
	})
	f.allLast("Catch", len(all), func(i int) []string { return all[i].errors })
	return all
}

// caught is the catcher for a failure; nil when nobody catches it.
func (t *task) caught(f *failure) *catcher {
	if f.runtime {
		return nil
	}
	for i := range t.catch {
		if matches(t.catch[i].errors, f.name) {
			return &t.catch[i]
		}
	}
	return nil
}

// output is the state's output after catching: the error put into its input.
func (c *catcher) output(input document, f *failure) (document, error) {
	o := newObject()
	o.set("Error", f.name)
	o.set("Cause", f.cause)
	return c.resultPath.merge(input, newDocument(o))
}
