package workflow

import (
	"crypto/md5" //nolint:gosec // SQS answers a send with the body's MD5
	"encoding/hex"
)

// BodyMD5 is the digest of a message body as SQS tells it (MD5OfMessageBody), in hex.
func BodyMD5(body []byte) string {
	sum := md5.Sum(body) //nolint:gosec // SQS answers a send with the body's MD5
	return hex.EncodeToString(sum[:])
}
