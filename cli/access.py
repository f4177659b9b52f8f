"""Why Kafka does not let us in: clients only tell that nobody answered."""

import asyncio
import ssl

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError, KafkaError, SaslAuthenticationFailed

from cli.settings import Settings

SECONDS = 5


def why_refused(settings: Settings) -> str | None:
    """One sentence with the fix where a broker is there and refuses us; None where one lets us in or none is there."""
    return asyncio.run(_why(settings))


async def _why(settings: Settings) -> str | None:
    found = None
    for address in settings.bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            connection = await create_conn(host, int(port), request_timeout_ms=SECONDS * 1000, **settings.security)
        except (KafkaError, OSError, TimeoutError, ValueError) as error:
            found = found or _sentence(address, error, settings)
        else:
            connection.close()
            return None
    return found


def _sentence(address: str, error: Exception, settings: Settings) -> str | None:
    where = f"Kafka tại {address}"
    if isinstance(error, SaslAuthenticationFailed):
        user = settings.security.get("sasl_plain_username")
        return f"{where} từ chối tài khoản {user}: sai tên hoặc mật khẩu; hãy xem KAFKA_USER và tệp KAFKA_PASSWORD_FILE"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{where} đưa chứng thư không do KAFKA_CA cấp, hết hạn hoặc mang tên khác; hãy xem KAFKA_CA"
    if isinstance(error, ssl.SSLError):
        return f"{where} không nói TLS với ta; hãy xem cổng, KAFKA_CA và KAFKA_CERTIFICATE"
    if isinstance(error, KafkaConnectionError):
        return f"{where} nhận kết nối rồi đóng lại; cổng này có lẽ cần TLS hoặc mật khẩu: KAFKA_CA, KAFKA_USER"
    return None
