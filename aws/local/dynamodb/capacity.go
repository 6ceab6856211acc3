package dynamodb

// consumed is ConsumedCapacity.
type consumed struct {
	TableName              string
	CapacityUnits          float64
	Table                  *units           `json:",omitempty"`
	GlobalSecondaryIndexes map[string]units `json:",omitempty"`
}

type units struct{ CapacityUnits float64 }

// capacity adds up what one request consumes of one table.
type capacity struct {
	table   float64
	indexes map[string]float64
}

// readUnits is one unit for every begun 4 KB of a strongly consistent read, and
// half of that for an eventually consistent one. Reading nothing costs as much
// as reading one item.
func readUnits(bytes int, consistent bool) float64 {
	n := float64(max(1, (bytes+4095)/4096))
	if consistent {
		return n
	}
	return n / 2
}

// writeUnits is one unit for every begun 1 KB.
func writeUnits(bytes int) float64 { return float64(max(1, (bytes+1023)/1024)) }

// written is what replacing old by next costs: the larger of the two on the
// table, and on each index whose entry changes.
func (t *table) written(old, next item) capacity {
	c := capacity{table: writeUnits(max(old.size(), next.size()))}
	for _, x := range t.indexes {
		var before, after item
		if _, ok := x.place(old); ok {
			before = x.projected(old)
		}
		if _, ok := x.place(next); ok {
			after = x.projected(next)
		}
		switch {
		case equalItems(before, after):
		case before == nil || after == nil || equalItems(pick(before, x.keyNames()), pick(after, x.keyNames())):
			c.add(x.Name, writeUnits(max(before.size(), after.size())))
		default: // the entry moves: one is deleted, another put
			c.add(x.Name, writeUnits(before.size())+writeUnits(after.size()))
		}
	}
	return c
}

// add counts units of an index; "" is the table itself.
func (c *capacity) add(index string, n float64) {
	if index == "" {
		c.table += n
		return
	}
	if c.indexes == nil {
		c.indexes = map[string]float64{}
	}
	c.indexes[index] += n
}

// report is the answer's ConsumedCapacity for a mode of NONE, TOTAL or INDEXES;
// nil leaves it out.
func (c capacity) report(t *table, mode string) *consumed {
	if mode != "TOTAL" && mode != "INDEXES" {
		return nil
	}
	out := &consumed{TableName: t.Name, CapacityUnits: c.table}
	for _, n := range c.indexes {
		out.CapacityUnits += n
	}
	if mode == "TOTAL" {
		return out
	}
	out.Table = &units{c.table}
	for name, n := range c.indexes {
		if out.GlobalSecondaryIndexes == nil {
			out.GlobalSecondaryIndexes = map[string]units{}
		}
		out.GlobalSecondaryIndexes[name] = units{n}
	}
	return out
}

func checkMode(mode string) error {
	return oneOf("returnConsumedCapacity", mode, "INDEXES", "TOTAL", "NONE")
}
