package dynamodb

// capacity is the request member that asks for ConsumedCapacity.
type capacity struct{ ReturnConsumedCapacity string }

func (c capacity) check() error {
	return oneOf("returnConsumedCapacity", c.ReturnConsumedCapacity, "INDEXES", "TOTAL", "NONE")
}

// report is the answer's ConsumedCapacity; nil leaves it out.
func (c capacity) report(t *table, units float64) object {
	switch c.ReturnConsumedCapacity {
	case "TOTAL":
		return object{"TableName": t.TableName, "CapacityUnits": units}
	case "INDEXES":
		return object{"TableName": t.TableName, "CapacityUnits": units, "Table": object{"CapacityUnits": units}}
	}
	return nil
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
