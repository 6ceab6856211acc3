package deploy

import (
	"bytes"
	"io"

	"orderops/aws/local"
)

// Log is where a function that was deployed with this environment on a local
// cloud logs to: a line for each write, in the function's log group.
func Log(cloud *local.Cloud, environment map[string]string) io.Writer {
	return log{cloud, environment["AWS_LAMBDA_LOG_GROUP_NAME"]}
}

type log struct {
	cloud *local.Cloud
	group string
}

// stream is that of the one instance that a function has here.
const stream = "[$LATEST]local"

// Write writes a line.
func (l log) Write(line []byte) (int, error) {
	l.cloud.Log(l.group, stream, string(bytes.TrimRight(line, "\n")))
	return len(line), nil
}
